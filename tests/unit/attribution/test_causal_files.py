"""The flagship on files of one's own: a small world written out and read back."""

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from click.testing import CliRunner

from benchmarks.attribution.worlds import World, world
from orchestration.cli import playhead
from warehouse.attribution.own_files import Attributed, attribute
from warehouse.attribution.touch_files import Files

MONDAY = np.datetime64("2026-01-05T00:00:00", "us")


@pytest.fixture(scope="module")
def made() -> World:
    return world(9_001, people=6_000, conversions=600)


@pytest.fixture(scope="module")
def files(made: World, tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("files")
    inputs = made.inputs
    names = np.array(inputs.channels.names, dtype=object)
    people = np.array([f"u{n:05d}" for n in range(len(inputs.people))], dtype=object)

    def stamps(at: np.ndarray) -> list[str]:
        return [f"{each}Z" for each in MONDAY + (at * 86_400e6).astype(np.int64)]

    tables = {
        "touches": {
            "user_id": people[inputs.touches.person],
            "touched_at": stamps(inputs.touches.at),
            "channel": names[inputs.touches.channel],
            "video_id": [f"v{v}" if v >= 0 else "" for v in made.video],
        },
        "conversions": {
            "conversion_id": [f"c{n}" for n in range(len(inputs.conversions))],
            "user_id": people[inputs.conversions.person],
            "converted_at": stamps(inputs.conversions.at),
            "value": inputs.conversions.value,
        },
        "users": {
            "user_id": people,
            "weight": inputs.people.weight,
            "region": [f"r{r}" for r in inputs.people.region],
            "visits before": inputs.people.numbers[:, 0],
            "kind": [f"k{k}" for k in inputs.people.categories[:, 0]],
        },
        "delivered": {
            "channel": names[inputs.coverage < 1],
            "delivered": 1_000 / inputs.coverage[inputs.coverage < 1],
            "logged": [1_000.0] * int((inputs.coverage < 1).sum()),
        },
    }
    paths = {}
    for name, columns in tables.items():
        paths[name] = folder / f"{name}.csv"
        pa.csv.write_csv(
            pa.table({key: pa.array(value) for key, value in columns.items()}),
            paths[name],
        )
    return Files(**paths)


@pytest.fixture(scope="module")
def found(files: Files) -> Attributed:
    return attribute(files)


def causal(found: Attributed) -> dict[str, tuple[float, float]]:
    return {
        row.channel: (row.conversions, row.value)
        for row in found.rows
        if row.method == "causal"
    }


def test_every_method_hands_out_what_was_booked(made: World, found: Attributed) -> None:
    booked = made.inputs.conversions
    methods = {row.method for row in found.rows}
    assert {"causal", "time_decay", "markov_3", "shapley_set"} < methods
    for method in methods:
        mine = [row for row in found.rows if row.method == method]
        assert sum(r.conversions for r in mine) == pytest.approx(len(booked), abs=1e-6)
        assert sum(r.value for r in mine) == pytest.approx(booked.value.sum(), rel=1e-9)


def test_unattributed_is_the_same_for_all_methods(found: Attributed) -> None:
    told = {r.conversions for r in found.rows if r.channel == "unattributed"}
    assert max(told) == pytest.approx(min(told), abs=1e-9)


def test_flagship_stands_last_with_its_remainder_and_intervals(
    found: Attributed,
) -> None:
    rows = list(found.rows)
    first = next(n for n, row in enumerate(rows) if row.method == "causal")
    assert {row.method for row in rows[first:]} == {"causal"}
    named = {row.channel: row for row in rows[first:]}
    assert named["direct"].conversions == 0
    rest = named["not_caused"]
    assert rest.conversions_p05 is not None and rest.conversions_p95 is not None
    assert rest.conversions_p05 <= rest.conversions <= rest.conversions_p95


def test_guess_at_the_channels_is_said(found: Attributed) -> None:
    assert "is_null, by name: direct" in found.notes
    assert "is_bought_by_region, by name: paid_video, retargeting" in found.notes


def test_videos_of_a_channel_share_its_credit(files: Files, found: Attributed) -> None:
    by_video = [r for r in attribute(files, by_video=True).rows if r.method == "causal"]
    whole = causal(found)
    for channel in ("organic_video", "email", "not_caused"):
        mine = [r for r in by_video if r.channel == channel]
        assert sum(r.conversions for r in mine) == pytest.approx(whole[channel][0])
        assert sum(r.value for r in mine) == pytest.approx(whole[channel][1])
    videos = {r.video_id for r in by_video if r.channel == "organic_video"}
    assert {f"v{n}" for n in range(6)} <= videos


def test_lift_test_on_the_command_line_moves_its_channel(
    files: Files, found: Attributed, tmp_path: Path
) -> None:
    before = causal(found)["paid_video"][0]
    tests = tmp_path / "tests.csv"
    tests.write_text(
        f"channel,incremental_conversions,se\npaid_video,{before * 2 + 30},3\n"
    )
    told = CliRunner().invoke(
        playhead,
        [
            *("attribute", "--touches", str(files.touches)),
            *("--conversions", str(files.conversions), "--users", str(files.users)),
            *("--delivered", str(files.delivered), "--lift-tests", str(tests)),
            *("--format", "csv"),
        ],
    )
    assert told.exit_code == 0, told.output
    rows = {
        row["channel"]: float(row["conversions"])
        for row in csv.DictReader(io.StringIO(told.stdout))
        if row["method"] == "causal"
    }
    assert rows["paid_video"] > 1.5 * before
