"""Attribution on a file of counted paths: known figures, totals kept, bad rows named."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import playhead
from warehouse.attribution import paths_file
from warehouse.attribution.paths_file import Attributed, attribute
from warehouse.lines import FileRefused

HEADER = "path,total_conversions,total_conversion_value,total_null\n"


def written(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "paths.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


def figures(found: Attributed, method: str) -> dict[str, tuple[float, float]]:
    return {
        row.channel: (row.conversions, row.value_usd)
        for row in found.rows
        if row.method == method
    }


@pytest.fixture(scope="module")
def demo(shared: Path) -> Attributed:
    return attribute(shared / "real" / "attribution_paths_mta" / "paths.csv")


# Conversions by the three heuristics of the best-known package on its own demo set.
HEURISTICS = {
    "alpha": (6308, 8447, 7574.718594),
    "iota": (4606, 3355, 3857.096221),
    "eta": (3164, 4167, 3539.951157),
    "beta": (2831, 989, 2083.500145),
    "theta": (1606, 653, 1022.801394),
    "lambda": (902, 1207, 1035.257572),
    "epsilon": (99, 531, 272.170438),
    "zeta": (27, 107, 136.551540),
    "kappa": (74, 230, 137.964078),
    "gamma": (165, 92, 121.041639),
    "delta": (1, 5, 1.725000),
    "mi": (2, 2, 2.222222),
}


def test_rules_equal_the_known_heuristics(demo: Attributed) -> None:
    for place, method in enumerate(("first", "last", "linear")):
        found = figures(demo, method)
        for channel, known in HEURISTICS.items():
            assert found[channel][0] == pytest.approx(known[place], abs=6e-7)


@pytest.mark.parametrize(
    ("method", "alpha"),
    [
        ("markov_1", (5344.947682, 18799.170626)),
        ("markov_2", (5617.453854, None)),
        ("markov_3", (5748.098650, None)),
    ],
)
def test_chains_equal_the_exact_solution(
    demo: Attributed, method: str, alpha: tuple[float, float | None]
) -> None:
    conversions, value = figures(demo, method)["alpha"]
    assert conversions == pytest.approx(alpha[0], abs=6e-7)
    if alpha[1] is not None:
        assert value == pytest.approx(alpha[1], abs=6e-7)


def test_every_method_hands_out_all_that_was_booked(demo: Attributed) -> None:
    methods = {row.method for row in demo.rows}
    assert methods == {
        *("first", "last", "last_non_direct", "linear", "linear_non_direct"),
        *("markov_1", "markov_2", "markov_3", "position"),
        *("shapley", "shapley_ordered", "shapley_set"),
    }
    for method in methods:
        found = figures(demo, method).values()
        assert sum(row[0] for row in found) == pytest.approx(19_785, abs=1e-8)
        assert sum(row[1] for row in found) == pytest.approx(74_802.971587, abs=1e-6)
    assert demo.left_out == ["time_decay", "causal"]


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    file = written(tmp_path, "a > b,2,30.5,1\nb,1,2,4\n")
    parquet = tmp_path / "paths.parquet"
    duckdb.read_csv(str(file)).write_parquet(str(parquet))
    assert attribute(parquet) == attribute(file)


def test_row_counts_for_as_many_journeys_as_it_says(tmp_path: Path) -> None:
    # b alone: 3 conversions worth 9; a > b: 1 worth 5, shared evenly by linear.
    found = attribute(written(tmp_path, "a>b,1,5,0\nb,3,9,7\n"))
    assert figures(found, "linear") == {"a": (0.5, 2.5), "b": (3.5, 11.5)}
    # of a > b both halves earn the same, at a's and at b's first touch
    assert figures(found, "shapley") == {"a": (0.5, 2.5), "b": (3.5, 11.5)}


@pytest.mark.parametrize(
    "rows",
    [
        "a > b,2,40,1\nc > a,1,5,3\n",  # the sample is row 2: c is not in it
        "a > b,2,40,1\nc>a,1,5,3\n",
        "a>b,2,40,1\n  c >>a ,1,5,3\n",
    ],
)
def test_paths_are_split_however_the_rows_after_the_sample_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str
) -> None:
    monkeypatch.setattr(paths_file, "SAMPLED", "row_number = 2")
    found = attribute(written(tmp_path, rows))
    assert figures(found, "first") == {"a": (2.0, 40.0), "b": (0, 0), "c": (1.0, 5.0)}


def test_chains_of_too_many_states_are_left_out_and_named(tmp_path: Path) -> None:
    # 300 channels: 27 million states x channels with a memory of two, 90,000 with one
    rows = "".join(f"c{i} > c{i + 1},1,1,0\n" for i in range(299))
    found = attribute(written(tmp_path, rows))
    methods = {row.method for row in found.rows}
    assert "markov_1" in methods
    assert {"markov_2", "markov_3"}.isdisjoint(methods)
    assert [note.split(",")[0] for note in found.notes] == [
        "markov_2 is left out",
        "markov_3 is left out",
    ]


def test_conversions_without_a_touch_are_a_row_of_their_own(tmp_path: Path) -> None:
    found = attribute(written(tmp_path, "a,1,5,0\n,2,4,0\n"))
    for method in {row.method for row in found.rows}:
        assert figures(found, method) == {"a": (1.0, 5.0), "unattributed": (2.0, 4.0)}


def test_direct_is_taken_for_no_channel_and_said_so(tmp_path: Path) -> None:
    found = attribute(written(tmp_path, "mail > Direct,1,5,0\n"))
    assert found.null_channels == ["Direct"]
    assert figures(found, "last_non_direct")["mail"] == (1.0, 5.0)
    assert figures(found, "linear_non_direct")["mail"] == (1.0, 5.0)


def test_paths_that_never_converted_leave_rows_of_zero(tmp_path: Path) -> None:
    found = attribute(written(tmp_path, "a > b,0,0,9\n"))
    for method in {row.method for row in found.rows}:
        assert figures(found, method) == {"a": (0.0, 0.0), "b": (0.0, 0.0)}
    assert {row.share for row in found.rows} == {None}


def test_path_of_ten_thousand_steps_is_counted(tmp_path: Path) -> None:
    found = attribute(written(tmp_path, " > ".join(["a", "b"] * 5_000) + ",1,7,0\n"))
    assert figures(found, "markov_1")["a"][0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,1,5,0\nb,-2,0,0\n", "row 3: total_conversions is -2: a total is never"),
        ("a,1,-5,0\n", "row 2: total_conversion_value is -5"),
        ("a,1,5,x\n", "row 2: total_null is x, no number"),
        ("a,1,5,NaN\n", "row 2: total_null is NaN, no number"),
        ("a,0,5,1\n", "row 2: a value of 5 without a conversion"),
        ("", "has a header and no rows"),
        (" > ,1,1,0\n,1,1,0\n", "no path names a channel"),
    ],
)
def test_wrong_rows_are_named(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        attribute(written(tmp_path, rows))


def test_missing_column_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1\n", header="path,total_conversions\n")
    with pytest.raises(FileRefused, match="lacks the column total_conversion_value"):
        attribute(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is no file"):
        attribute(tmp_path / "nothing.csv")


def test_command_prints_csv_and_json_of_the_same_figures(tmp_path: Path) -> None:
    file = str(written(tmp_path, "a > b,2,30.5,1\nb,1,2,4\n"))
    told = CliRunner().invoke(
        playhead, ["attribute", "--paths", file, "--format", "csv"]
    )
    assert told.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert list(rows[0]) == [
        *("method", "channel", "conversions", "value", "share"),
        *("conversions_p05", "conversions_p95"),
    ]
    again = CliRunner().invoke(
        playhead, ["attribute", "--paths", file, "--format", "json"]
    )
    listed = json.loads(again.stdout)
    assert [float(row["conversions"]) for row in rows] == [
        each["conversions"] for each in listed
    ]
    assert "time_decay, causal" in told.stderr


def test_command_refuses_a_wrong_file_in_one_line(tmp_path: Path) -> None:
    file = str(written(tmp_path, "a,-1,0,0\n"))
    told = CliRunner().invoke(playhead, ["attribute", "--paths", file])
    assert told.exit_code != 0
    assert "row 2: total_conversions is -1" in told.stderr
