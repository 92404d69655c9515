"""Attribution on files of touches and conversions: known figures, bad rows named."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import playhead
from warehouse.attribution.naming import Flags, guessed
from warehouse.attribution.own_files import Attributed, attribute
from warehouse.attribution.touch_files import Files
from warehouse.lines import FileRefused

TOUCHES = "user_id,touched_at,channel\n"
CONVERSIONS = "conversion_id,user_id,converted_at,value\n"
ONE_TOUCH = "ann,2026-03-01T09:00:00Z,mail\n"
ONE_CONVERSION = "c1,ann,2026-03-02T09:00:00Z,100\n"


def files(
    folder: Path,
    touches: str = TOUCHES + ONE_TOUCH,
    conversions: str = CONVERSIONS + ONE_CONVERSION,
    **others: str,
) -> Files:
    written = {"touches": touches, "conversions": conversions, **others}
    paths = {}
    for name, text in written.items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_text(text, encoding="utf-8")
    return Files(**paths)


def figures(found: Attributed, method: str) -> dict[str, tuple[float, float]]:
    return {
        row.channel: (row.conversions, row.value)
        for row in found.rows
        if row.method == method
    }


def asked(folder: Path, given: Files, *more: str) -> Result:
    return CliRunner().invoke(
        playhead,
        [
            "attribute",
            *("--touches", str(given.touches)),
            *("--conversions", str(given.conversions)),
            *more,
        ],
    )


def test_rules_follow_the_order_of_touches(tmp_path: Path) -> None:
    touches = TOUCHES + (
        "ann,2026-03-01T10:00:00Z,video\n"
        "ann,2026-03-01T09:00:00Z,mail\n"
        "bob,2026-03-01T09:00:00Z,video\n"
    )
    found = attribute(files(tmp_path, touches))
    assert figures(found, "first") == {"mail": (1.0, 100.0), "video": (0.0, 0.0)}
    assert figures(found, "last") == {"mail": (0.0, 0.0), "video": (1.0, 100.0)}
    assert figures(found, "linear") == {"mail": (0.5, 50.0), "video": (0.5, 50.0)}


def test_time_decay_halves_with_every_week(tmp_path: Path) -> None:
    # 7 and 0 days old: weights 1/2 and 1, of 3/2
    touches = TOUCHES + (
        "ann,2026-03-01T09:00:00Z,mail\nann,2026-03-08T09:00:00Z,video\n"
    )
    made = CONVERSIONS + "c1,ann,2026-03-08T09:00:00Z,90\n"
    found = figures(attribute(files(tmp_path, touches, made)), "time_decay")
    assert found["mail"] == pytest.approx((1 / 3, 30))
    assert found["video"] == pytest.approx((2 / 3, 60))


def test_touch_counts_from_one_lookback_before_to_the_very_moment(
    tmp_path: Path,
) -> None:
    touches = TOUCHES + (
        "ann,2026-01-31T09:00:00Z,exactly\n"
        "ann,2026-01-31T08:59:59Z,older\n"
        "ann,2026-03-02T09:00:00Z,moment\n"
        "ann,2026-03-02T09:00:01Z,later\n"
    )
    found = figures(attribute(files(tmp_path, touches)), "linear")
    assert found == {"exactly": (0.5, 50.0), "moment": (0.5, 50.0)}


def test_conversion_before_any_touch_is_a_row_of_its_own(tmp_path: Path) -> None:
    made = CONVERSIONS + ONE_CONVERSION + "c2,ann,2026-02-01T09:00:00Z,7\n"
    found = attribute(files(tmp_path, conversions=made))
    for method in {row.method for row in found.rows}:
        assert figures(found, method) == {
            "mail": (1.0, 100.0),
            "unattributed": (1.0, 7.0),
        }


def test_one_path_gets_rules_and_says_why_not_more(tmp_path: Path) -> None:
    found = attribute(files(tmp_path))
    assert {row.method for row in found.rows} >= {"last", "markov_1", "shapley_set"}
    assert {row.conversions for row in found.rows} == {1.0}
    assert "causal is left out, not enough data: 1 conversions, 300" in found.notes[-1]


def test_touch_told_twice_is_counted_once_and_said_so(tmp_path: Path) -> None:
    touches = TOUCHES + ONE_TOUCH * 2 + "ann,2026-03-01T10:00:00Z,video\n"
    found = attribute(files(tmp_path, touches))
    assert figures(found, "linear")["mail"] == (0.5, 50.0)
    assert "1 touches told twice, counted once" in found.notes


def test_path_of_ten_thousand_steps_is_counted(tmp_path: Path) -> None:
    rows = "".join(
        f"ann,2026-03-01T{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z,{'ab'[n % 2]}\n"
        for n in range(10_000)
    )
    found = attribute(files(tmp_path, TOUCHES + rows))
    assert figures(found, "linear")["a"][0] == pytest.approx(0.5)
    assert figures(found, "markov_1")["a"][0] == pytest.approx(0.5)


def test_touch_without_a_channel_is_unmapped_and_never_dropped(tmp_path: Path) -> None:
    touches = TOUCHES + ONE_TOUCH + "ann,2026-03-01T10:00:00Z,\n"
    found = attribute(files(tmp_path, touches))
    assert figures(found, "last")["unmapped"] == (1.0, 100.0)
    assert any("credited as unmapped" in note for note in found.notes)


def test_channel_that_the_list_does_not_know_is_unmapped(tmp_path: Path) -> None:
    given = files(tmp_path, channels="channel,is_null\nvideo,false\n")
    found = attribute(given)
    assert figures(found, "last") == {"unmapped": (1.0, 100.0)}
    assert any("mail (1)" in note for note in found.notes)


def test_list_of_channels_decides_which_are_null(tmp_path: Path) -> None:
    touches = TOUCHES + ONE_TOUCH + "ann,2026-03-01T10:00:00Z,shop\n"
    given = files(tmp_path, touches, channels="channel,is_null\nmail,no\nshop,yes\n")
    found = attribute(given)
    assert figures(found, "last_non_direct")["mail"] == (1.0, 100.0)
    assert not any("by name" in note for note in found.notes)


def test_stamps_without_a_zone_are_read_in_the_zone_named(tmp_path: Path) -> None:
    # 09:00 in Berlin is 08:00 UTC, before a conversion at 08:30 UTC
    touches = TOUCHES + "ann,2026-03-01 09:00,mail\n"
    made = CONVERSIONS + "c1,ann,2026-03-01T08:30Z,5\n"
    found = attribute(files(tmp_path, touches, made), time_zone="Europe/Berlin")
    assert figures(found, "last") == {"mail": (1.0, 5.0)}


def test_offsets_are_read_with_and_without_a_colon(tmp_path: Path) -> None:
    touches = TOUCHES + (
        "ann,2026-03-01T09:00:00.5+0100,a\nann,2026-03-01T07:59+00:00,b\n"
    )
    found = attribute(files(tmp_path, touches))
    assert figures(found, "last") == {"a": (1.0, 100.0), "b": (0.0, 0.0)}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("touches", TOUCHES, "touches.csv has a header and no rows"),
        ("touches", "", "touches.csv"),
        ("conversions", CONVERSIONS, "conversions.csv has a header and no rows"),
        ("touches", "user_id,channel\nann,mail\n", "lacks the column touched_at"),
        (
            "conversions",
            "conversion_id,user_id,converted_at\nc1,ann,2026-03-02T09:00:00Z\n",
            "lacks the column value: it has conversion_id, user_id, converted_at",
        ),
        (
            "touches",
            TOUCHES + ONE_TOUCH + "ann,2026-03-01T09:00:00,mail\n",
            "row 3: touched_at is 2026-03-01T09:00:00, without a zone: .* --time-zone",
        ),
        ("touches", TOUCHES + "ann,soon,mail\n", "row 2: touched_at is soon, no time"),
        (
            "touches",
            TOUCHES + ",2026-03-01T09:00:00Z,mail\n",
            "row 2: user_id is empty",
        ),
        (
            "touches",
            "user_id,touched_at,channel,watch_share\n"
            "ann,2026-03-01T09:00:00Z,video,40\n",
            "row 2: watch_share is 40, no share of the video: write a number from 0 to 1",
        ),
        (
            "conversions",
            CONVERSIONS + "c1,ann,2026-03-02T09:00:00Z,-5\n",
            "row 2: value is -5: never less than 0",
        ),
        (
            "conversions",
            CONVERSIONS + "c1,ann,2026-03-02T09:00:00Z,many\n",
            "row 2: value is many, no number",
        ),
        (
            "conversions",
            CONVERSIONS + ONE_CONVERSION * 2,
            "row 2: conversion c1 is booked twice",
        ),
        (
            "conversions",
            CONVERSIONS + "c1,ann,2026-03-02 09:00,5\n",
            "row 2: converted_at is 2026-03-02 09:00, without a zone",
        ),
        (
            "users",
            "user_id,weight\nann,0\n",
            "row 2: weight is 0: write 1 / share kept",
        ),
        ("users", "user_id\nann\nann\n", "row 2: user ann is listed twice"),
        (
            "delivered",
            "channel,delivered,logged\nradio,10,5\n",
            "row 2: no touch has the channel radio: the channels are mail",
        ),
        (
            "delivered",
            "channel,delivered,logged\nmail,10,50\n",
            "row 2: logged is 50 of 10 delivered",
        ),
        (
            "lift_tests",
            "channel,incremental_conversions,se\nmail,10,0\n",
            "row 2: se is 0",
        ),
        (
            "lift_tests",
            "channel,incremental_conversions,se\nmail,ten,1\n",
            "row 2: incremental_conversions is ten, no number",
        ),
        (
            "lift_tests",
            "channel,incremental_conversions,se\ndirect,10,1\n",
            "row 2: direct counts as a sign of intent",
        ),
        (
            "channels",
            "channel,is_video\nmail,maybe\n",
            "row 2: is_video is maybe: write true or false",
        ),
        ("channels", "channel\nmail\nmail\n", "row 3: mail is listed twice"),
    ],
)
def test_wrong_rows_are_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    touches = TOUCHES + ONE_TOUCH
    touches += "ann,2026-03-01T08:00:00Z,direct\n" if "direct" in text else ""
    with pytest.raises(FileRefused, match=said):
        attribute(files(tmp_path, **{"touches": touches, name: text}))


def test_unknown_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="Mars/Base is no time zone"):
        attribute(files(tmp_path), time_zone="Mars/Base")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is no file"):
        attribute(Files(tmp_path / "none.csv", files(tmp_path).conversions))


def test_people_whom_the_list_does_not_know_are_said(tmp_path: Path) -> None:
    found = attribute(files(tmp_path, users="user_id,weight\nbob,4\n"))
    assert any(note.startswith("1 people with touches") for note in found.notes)


def test_videos_are_rows_of_their_own_when_asked_for(tmp_path: Path) -> None:
    touches = "user_id,touched_at,channel,video_id\n" + (
        "ann,2026-03-01T09:00:00Z,video,v1\nann,2026-03-01T10:00:00Z,video,v2\n"
    )
    told = asked(
        tmp_path, files(tmp_path, touches), *("--by", "video", "--format", "csv")
    )
    assert told.exit_code == 0, told.output
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    linear = {
        row["video_id"]: float(row["conversions"])
        for row in rows
        if row["method"] == "linear"
    }
    assert linear == {"v1": 0.5, "v2": 0.5}


def test_command_prints_csv_and_json_of_the_same_figures(tmp_path: Path) -> None:
    given = files(tmp_path)
    told = asked(tmp_path, given, "--format", "csv")
    assert told.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert list(rows[0]) == [
        *("method", "channel", "conversions", "value", "share"),
        *("conversions_p05", "conversions_p95"),
    ]
    again = json.loads(asked(tmp_path, given, "--format", "json").stdout)
    assert [float(row["conversions"]) for row in rows] == [
        each["conversions"] for each in again
    ]
    assert "is_navigational, by name: none" in told.stderr


def test_command_refuses_a_wrong_file_in_one_line_with_code_2(tmp_path: Path) -> None:
    told = asked(tmp_path, files(tmp_path, TOUCHES))
    assert told.exit_code == 2
    assert "has a header and no rows" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name either --paths FILE, or --touches FILE"),
        (["--paths", "a", "--touches", "b"], "name either --paths FILE"),
        (["--touches", "a"], "--touches needs --conversions"),
        (["--paths", "a", "--time-zone", "UTC"], "--time-zone needs --touches"),
    ],
)
def test_command_says_which_options_belong_together(
    arguments: list[str], said: str
) -> None:
    told = CliRunner().invoke(playhead, ["attribute", *arguments])
    assert told.exit_code == 2
    assert said in told.stderr


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("organic_search", Flags(True, False, False, False)),
        ("Paid Search", Flags(True, False, False, False)),
        ("(direct)", Flags(True, True, False, False)),
        ("(direct) / (none)", Flags(True, True, False, False)),
        ("direct_mail", Flags(False, False, False, False)),
        ("paid_video", Flags(False, False, True, True)),
        ("YouTube Ads", Flags(False, False, True, True)),
        ("retargeting", Flags(False, False, True, False)),
        ("organic_video", Flags(False, False, False, True)),
        ("email", Flags(False, False, False, False)),
    ],
)
def test_flags_are_guessed_by_the_words_of_a_name(name: str, flags: Flags) -> None:
    assert guessed(name) == flags
