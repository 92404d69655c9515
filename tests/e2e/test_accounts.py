"""Accounts of one's own: `.env`, check, init, run. The sandbox stands in for the platforms."""

import csv
from concurrent.futures import Future
from pathlib import Path

import pytest

from ingestion.clock import start_day
from ingestion.registry import sources
from tests.support.beside import YOUTUBE, Evening
from tests.support.desk import Desk, without_ours
from tests.support.house import House
from warehouse.publish import current


@pytest.fixture(scope="module")
def evening(first_evening: Future[Evening]) -> Evening:
    """init, run, and a run without credentials, by the real command."""
    return first_evening.result()


@pytest.fixture
def desk(
    lived_in: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    lived_in.back_to("first")
    start_day(lived_in.settings)  # the sandbox answers on the folder's day
    without_ours(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, lived_in.sandbox.url, capsys)


def lines(output: str) -> dict[str, list[str]]:
    """First word -> the rest, of a table on the console."""
    return {w[0]: w[1:] for w in (line.split() for line in output.splitlines()) if w}


def test_check_says_ok_refused_or_off_for_each_source(desk: Desk) -> None:
    desk.set(**YOUTUBE, PLAYHEAD_META_ADS_ACCESS_TOKEN="revoked")
    code, out, _ = desk.says("check")
    told = lines(out)
    assert code == 1
    assert told["youtube"][0] == "ok"
    assert told["meta_ads"][0] == "refused"
    assert "PLAYHEAD_META_ADS_ACCESS_TOKEN" in " ".join(told["meta_ads"])
    assert " ".join(told["hubspot"]) == ("off to switch on: `playhead auth hubspot`")
    assert "mode accounts" in out
    assert not (desk.folder / "data").exists(), "check changes nothing"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {**YOUTUBE, "PLAYHEAD_YOUTUBE_CLIENT_SECRET": ""},
            "PLAYHEAD_YOUTUBE_CLIENT_SECRET is not set: `playhead auth youtube`, or put",
        ),
        (
            {**YOUTUBE, "PLAYHEAD_YOUTUBE_REFRESH_TOKEN": "revoked"},
            "Give access again: `playhead auth youtube` (PLAYHEAD_YOUTUBE_REFRESH_TOKEN)",
        ),
        (
            {**YOUTUBE, "PLAYHEAD_SANDBOX_URL": "http://127.0.0.1:9"},
            "gave no answer at http://127.0.0.1:9/token after 2 attempts",
        ),
    ],
    ids=["missing", "wrong", "unreachable"],
)
def test_check_names_the_remedy_in_one_line(
    desk: Desk, variables: dict[str, str], said: str
) -> None:
    desk.set(**variables)
    code, out, err = desk.says("check")
    (line,) = [line for line in out.splitlines() if line.startswith("youtube")]
    assert code == 1
    assert said in line
    assert YOUTUBE["PLAYHEAD_YOUTUBE_CLIENT_SECRET"] not in out + err


def test_mistyped_variable_is_a_usage_error_and_not_an_empty_run(desk: Desk) -> None:
    desk.set(PLAYHEAD_YUOTUBE_CLIENT_ID="me")
    code, _, err = desk.says("run")
    assert code == 2
    assert (
        "PLAYHEAD_YUOTUBE_CLIENT_ID is no variable of any source: did you mean" in err
    )
    assert not (desk.folder / "data").exists()


def test_check_reads_every_row_of_the_catalogue(desk: Desk) -> None:
    desk.set(**YOUTUBE)
    folder = desk.folder / "catalogue"
    folder.mkdir()
    (folder / "videos.csv").write_text(
        "video_id,title,objective\nv1,Film,awareness\nv1,Again,awareness\n"
    )
    code, out, _ = desk.says("check")
    assert code == 1
    assert (
        'catalogue/videos.csv row 3: "v1" stands in row 2 already. Remove one.' in out
    )


def catalogue(evening: Evening) -> list[dict[str, str]]:
    with (evening.folder / "catalogue" / "videos.csv").open() as file:
        return list(csv.DictReader(file))


def test_init_lists_the_videos_of_the_account_without_an_objective(
    evening: Evening,
) -> None:
    assert evening.init.returncode == 0
    videos = catalogue(evening)
    assert f"{len(videos)} videos written to" in evening.init.stdout
    assert {video["objective"] for video in videos} == {"unset"}


def test_init_does_not_overwrite_an_edited_catalogue(evening: Evening) -> None:
    assert evening.again.returncode == 2
    assert "is there already: edit it, or say --force" in evening.again.stderr


def test_one_source_is_enough_and_a_refused_one_is_stale(evening: Evening) -> None:
    assert evening.run.returncode == 3, evening.run.stderr
    assert "imulated" not in evening.run.stdout
    manifest = current(evening.folder / "data" / "published")
    assert manifest.is_simulated is False
    told = {"catalogue": "fresh", "youtube": "fresh", "meta_ads": "stale"}
    assert {each.source: each.status for each in manifest.sources} == {
        name: told.get(name, "off") for name in sources()
    }
    # and one row for what nobody mapped
    assert manifest.tables["videos"].rows == len(catalogue(evening)) + 1


def test_no_credential_is_in_any_file_of_a_run(evening: Evening) -> None:
    """Database, snapshot, Parquet, manifest, report, logs, what the loader leaves."""
    secrets = [YOUTUBE[name].encode() for name in YOUTUBE if not name.endswith("_ID")]
    secrets.append(b"sandbox-access-")  # how its tokens of an hour begin
    files = [each for each in (evening.folder / "data").rglob("*") if each.is_file()]
    assert len(files) > 20
    for file in files:
        held = file.read_bytes()
        assert not [secret for secret in secrets if secret in held], file
    for said in (evening.init, evening.run):
        assert not [s for s in secrets if s.decode() in said.stdout + said.stderr]


def test_simulated_company_never_enters_a_folder_of_accounts(evening: Evening) -> None:
    assert evening.without.returncode == 2
    assert "holds mode 'accounts', this run has 'sandbox'" in evening.without.stderr
    assert "--data-dir" in evening.without.stderr
