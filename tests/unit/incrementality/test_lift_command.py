"""`playhead lift`: files read or refused by row, the same figures in every format."""

import csv
import io
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main, playhead
from tests.unit.incrementality.panels import Written, day
from warehouse.incrementality.channels_file import read_channels
from warehouse.incrementality.outcomes_file import read_outcomes
from warehouse.incrementality.panel import Panel
from warehouse.lines import FileRefused

HEADER = "date,region,value\n"
TEST = ("--treated", "c, d", "--from", str(day(100)), "--to", str(day(119)))


def says(*arguments: str | Path) -> Result:
    return CliRunner().invoke(playhead, ["lift", *map(str, arguments)])


def test_file_is_read_as_it_was_written(noisy: Panel, written: Written) -> None:
    found = read_outcomes(written(noisy))
    assert found.days == noisy.days
    assert found.regions == noisy.regions
    assert (found.values == noisy.values).all()


def test_parquet_says_the_same_as_csv_in_any_order(
    noisy: Panel, written: Written, tmp_path: Path
) -> None:
    file = written(noisy)
    parquet = tmp_path / "outcomes.parquet"
    duckdb.read_csv(str(file)).order("value").write_parquet(str(parquet))
    assert np.array_equal(read_outcomes(parquet).values, read_outcomes(file).values)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2026-01-01,a,-3\n", "row 2: value is -3: outcomes are never less than 0"),
        ("2026-01-01,a,1\n2026-01-02,a,many\n", "row 3: value is many, no number"),
        ("2026-01-01,a,\n", "row 2: value is empty, no number"),
        ("2026-01-01,a,NaN\n", "row 2: value is NaN, no number"),
        ("31.12.2025,a,1\n", "row 2: date is 31.12.2025, no day: write 2026-03-31"),
        ("2026-01-01, ,1\n", "row 2: region is empty"),
        (
            "2026-01-01,a,1\n2026-01-01,b,1\n2026-01-01,a,2\n",
            "row 4: a on 2026-01-01 stands in row 2 already",
        ),
        (
            "2026-01-01,a,1\n2026-01-01,b,1\n2026-01-02,a,1\n2026-01-03,a,1\n",
            r"b has no row on 2026-01-02 \(and 1 more like it\): write 0",
        ),
        ("2026-01-01,a,1\n2026-01-03,a,1\n", "a has no row on 2026-01-02: write 0"),
        (
            "2026-01-01,a,1\n9026-01-03,a,1\n",
            "2026-01-01 to 9026-01-03, more than 20 years: check",
        ),
        ("", "has a header and no rows"),
    ],
)
def test_wrong_rows_are_named(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(FileRefused, match=said):
        read_outcomes(file)


def test_missing_file_and_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is no file"):
        read_outcomes(tmp_path / "nothing.csv")
    file = tmp_path / "outcomes.csv"
    file.write_text("date,region\n2026-01-01,a\n", encoding="utf-8")
    with pytest.raises(
        FileRefused, match="lacks the column value: it has date, region"
    ):
        read_outcomes(file)
    broken = tmp_path / "outcomes.parquet"
    broken.write_bytes(b"no parquet")
    with pytest.raises(FileRefused, match="is no CSV or Parquet file of outcomes"):
        read_outcomes(broken)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("ads,1,-2,3\n", "row 2: sd is -2: write a number"),
        ("ads,1,2,3\nads,1,2,3\n", "row 3: ads stands twice"),
        (",1,2,3\n", "row 2: channel is empty"),
        ("ads,1,2,\n", "row 2: spend is empty"),
        ("", "has a header and no rows: there are no channels"),
    ],
)
def test_wrong_rows_of_channels_are_named(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "channels.csv"
    file.write_text("channel,estimate,sd,spend\n" + rows, encoding="utf-8")
    with pytest.raises(FileRefused, match=said):
        read_channels(file)


def test_command_prints_the_same_figures_in_every_format(
    noisy: Panel, written: Written
) -> None:
    noisy.values[100:120, 2:4] *= 1.2
    file = written(noisy)
    told = says("--outcomes", file, *TEST, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert [row["estimator"] for row in rows] == [
        *("ridge_augmented", "synthetic_control", "difference_in_differences"),
    ]
    listed = json.loads(says("--outcomes", file, *TEST, "--format", "json").stdout)
    for name in ("lift", "p05", "p95", "se", "p_space", "p_time", "grade"):
        assert [row[name] for row in rows] == [str(each[name]) for each in listed]
    table = says("--outcomes", file, *TEST).stdout
    assert "2 regions treated" in table
    assert f"{listed[0]['lift']:+.1%}" in table
    assert "Grade B, very likely caused" in table


def test_plan_prints_power_and_the_channel_to_test(
    noisy: Panel, written: Written, tmp_path: Path
) -> None:
    file, channels = written(noisy), tmp_path / "channels.csv"
    channels.write_text("channel,estimate,sd,spend\nads,900,500,70\nmail,5,9,0\n")
    asked = ("--outcomes", file, "--plan", "--regions", "2", "--days", "14,60")
    told = says(*asked, "--lift", "0.01,0.05", "--channels", channels)
    assert told.exit_code == 0
    assert "left out, history too short: 60 days" in told.stderr
    assert "5%: 14 days in 2 regions find it with" in told.stdout
    assert "Test ads first" in told.stdout
    listed = json.loads(says(*asked, "--lift", "0.05", "--format", "json").stdout)
    assert [row["days"] for row in listed["tests"]] == [14]
    rows = says(*asked, "--lift", "0.05", "--format", "csv").stdout.splitlines()
    assert rows[0] == "regions,days,lift,power,detectable,error,share,treated"
    named = says(*asked, "--channels", channels, "--format", "csv").stdout
    assert [line.split(",")[0] for line in named.splitlines()] == [
        *("channel", "ads", "mail"),
    ]


def test_test_is_kept_once_in_the_warehouse(
    noisy: Panel, written: Written, tmp_path: Path
) -> None:
    file, data = written(noisy), tmp_path / "data"
    asked = ("--outcomes", file, *TEST, "--store", "--data-dir", data)
    for _ in range(2):
        assert says(*asked, "--channel", "retargeting").exit_code == 0
    with duckdb.connect(str(data / "playhead.duckdb"), read_only=True) as con:
        found = con.execute(
            "select count(*), any_value(channel), any_value(as_of_day) "
            "from analysis.lift_tests"
        ).fetchone()
    assert found == (3, "retargeting", noisy.days[-1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--plan", "--treated", "c"), "--treated has nothing to do with --plan"),
        ((*TEST, "--days", "14"), "--days belongs to --plan"),
        ((*TEST, "--store"), "--store needs --channel"),
        (("--treated", "c"), "name the test with --treated, --from and --to"),
        (("--plan", "--days", "soon"), "'soon' are no numbers: write 2,4"),
        ((*TEST[2:], "--treated", "q"), '"q" is no region of these outcomes'),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    noisy: Panel,
    written: Written,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lift", "--outcomes", str(written(noisy)), *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
