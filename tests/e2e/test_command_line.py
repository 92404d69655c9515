"""The verbs: what they say, how they end, and that a refused one changes nothing."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
import requests

from ingestion.registry import sources
from ingestion.sandbox.scenarios import SCENARIOS
from orchestration.cli import playhead as group
from tests.support.desk import Desk, without_ours
from tests.support.house import PLAYHEAD, House, clean_environment, playhead
from warehouse import db, home

VERBS = {
    "run": {"--exports", "--mapping", "--advance", "--scenario", "--json"},
    "check": set(),
    "auth": {"--token-file", "--service-account", "--no-browser", "--port", "--forget"},
    "backfill": {"--from", "--to"},
    "publish": {"--release"},
    "rollback": {"--to", "--reason"},
    "report": {"--out"},
    "sandbox": {"--port", "--scenario"},
    "sources": {"--env"},
    "init": {"--force"},
    "map": {"--accept", "--accept-id", "--format"},
    "link": {"--channel", "--page", "--variant"},
    "attribute": {"--paths", "--touches", "--conversions", "--users", "--format"},
    "lift": {"--outcomes", "--treated", "--from", "--to", "--plan", "--store"},
    "dev": {"--port"},
}


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    without_ours(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, "", capsys)


@pytest.fixture
def at_first(desk: Desk, first: House) -> Desk:
    """At the folder after its first night, with its sandbox."""
    return _at(desk, first)


@pytest.fixture
def at_second(desk: Desk, second: House) -> Desk:
    return _at(desk, second)


def _at(desk: Desk, house: House) -> Desk:
    desk.url = house.sandbox.url
    desk.set(PLAYHEAD_DATA_DIR=str(house.data), PLAYHEAD_SCENARIO="unit")
    return desk


# What help says


def test_help_of_the_command_lists_every_verb_with_a_sentence(tmp_path: Path) -> None:
    said = playhead("--help", cwd=tmp_path)
    assert said.returncode == 0
    listed = said.stdout.split("Commands:")[1].splitlines()
    assert {line.split()[0] for line in listed if line.strip()} == set(VERBS)
    assert all(len(line.split()) > 3 for line in listed if line.strip())
    assert "--data-dir, PLAYHEAD_DATA_DIR or" in said.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_says_what_each_option_does(desk: Desk, verb: str) -> None:
    code, out, _ = desk.says(verb, "--help")
    assert code == 0
    command = group.commands[verb]
    options = [p for p in command.params if isinstance(p, click.Option)]
    names = {name for option in options for name in option.opts}
    assert names >= VERBS[verb]
    for option in options:
        assert option.opts[0] in out
        assert option.help or option.show_default, option.opts
    assert all(len(line) <= 80 for line in out.splitlines())


def test_sources_lists_each_variable_that_a_source_declares(desk: Desk) -> None:
    code, out, _ = desk.says("sources")
    assert code == 0
    assert "youtube (social): YouTube" in out
    assert "PLAYHEAD_YOUTUBE_REFRESH_TOKEN: scopes youtube.readonly" in out


# Orders that make no sense: exit code 2, nothing written


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["backfill", "--from", "2026-03-31", "--to", "2026-03-01"], "swap them"),
        (["backfill", "--from", "31.3.2026", "--to", "2026-03-01"], "31.3.2026"),
        (["backfill", "--from", "2026-03-01"], "Missing option '--to'"),
        (["run", "--scenario", "moon"], "no scenario 'moon': choose one of big,"),
        (["run", "--mapping", "exports.yml"], "explains the files of --exports"),
        (["run", "--exports", "nowhere"], "'nowhere' does not exist"),
        (["run", "--advance", "-1"], "-1"),
        (["run", "--json", "no/such/folder.json"], "No such file or directory"),
        (["rollback"], "Missing option '--reason'"),
        (["init"], "the sandbox brings its own catalogue"),
        (["walk"], "No such command 'walk'"),
    ],
)
def test_wrong_order_is_one_line_and_exit_code_2(
    desk: Desk, order: list[str], said: str
) -> None:
    (desk.folder / "exports.yml").write_text("")
    code, out, err = desk.says(*order)
    assert code == 2
    assert said in err.splitlines()[-1]
    assert out == ""
    assert [path.name for path in desk.folder.iterdir()] == ["exports.yml"]


@pytest.mark.parametrize("name", ["PLAYHEAD_SEED", "PLAYHEAD_THREADS"])
def test_variable_that_is_no_number_is_named_with_its_value(
    desk: Desk, name: str
) -> None:
    desk.set(**{name: "many"})
    code, _, err = desk.says("run")
    assert code == 2
    assert err.splitlines()[-1] == f'Error: {name} is "many": give it a whole number'


@pytest.mark.parametrize("verb", ["run", "check"])
def test_folder_of_another_mode_is_refused_with_the_remedy(
    at_first: Desk, first: House, verb: str
) -> None:
    before = first.manifest()
    at_first.set(PLAYHEAD_DATA_DIR=str(first.data), PLAYHEAD_HUBSPOT_ACCESS_TOKEN="x")
    code, _, err = at_first.says(verb)
    assert code == 2
    assert err == (
        f"playhead: {first.data} holds mode 'sandbox', this run has 'accounts': they "
        "are never mixed. Choose another folder with --data-dir (or "
        "PLAYHEAD_DATA_DIR).\n"
    )
    assert first.manifest() == before


def test_backfill_beyond_the_day_of_the_data_is_a_usage_error(at_first: Desk) -> None:
    code, _, err = at_first.says(
        "backfill", "--from", "2025-12-01", "--to", "2026-01-15"
    )
    assert code == 2
    assert "--to 2026-01-15 is after 2025-12-30, the day of the data" in err


# A folder that somebody else uses, or broke


def test_second_run_while_one_is_running_says_who_holds_the_folder(
    at_first: Desk, first: House
) -> None:
    path = at_first.folder / "run.json"
    with home.run_lock(first.settings):
        code, _, err = at_first.says("run", "--json", path)
        assert at_first.says("publish")[0] == 75
    assert code == 75
    assert "another run (process" in err
    assert "nothing was changed" in err
    assert json.loads(path.read_text())["exit_code"] == 75
    assert len(first.rows("select 1 from meta.runs")) == 1


def test_database_open_elsewhere_is_one_line_and_exit_code_75(
    at_first: Desk, first: House
) -> None:
    holding = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(first.settings.warehouse_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as notebook:
        assert notebook.stdin is not None and notebook.stdout is not None
        notebook.stdout.readline()
        code, _, err = at_first.says("run")
        notebook.stdin.close()
    assert code == 75
    assert "is open in another process" in err
    assert "published/current.duckdb" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("verb", ["run", "publish"])
def test_corrupt_database_is_named_and_left_for_rescue(
    at_first: Desk, first: House, verb: str
) -> None:
    before = first.manifest()
    path = first.settings.warehouse_path
    content = b"not a database" * 1000
    path.write_bytes(content)
    code, _, err = at_first.says(verb)
    assert code == 1
    assert str(path) in err
    assert "Move it away and run again" in err
    assert len(err.strip().splitlines()) == 1
    assert path.read_bytes() == content
    assert first.manifest() == before


# Publishing by hand


def test_verbs_that_read_say_that_nothing_is_published_yet(desk: Desk) -> None:
    for order in (["report"], ["rollback", "--reason", "x"], ["publish"]):
        code, _, err = desk.says(*order)
        assert code == 1
        assert "playhead run" in err
        assert len(err.strip().splitlines()) == 1


def test_publish_without_a_change_says_so(at_second: Desk) -> None:
    assert at_second.says("publish")[:2] == (0, "nothing changed since generation 2\n")


def test_publish_refuses_what_no_run_has_made_and_checked(
    at_second: Desk, second: House
) -> None:
    """A run that ended after loading: rows are new, models and checks are of yesterday."""
    at_second.says("rollback", "--reason", "wrong rate")
    before = second.manifest()
    with db.writer(second.settings.warehouse_path) as con:
        con.execute("update raw_youtube.videos set title = 'Another title'")
    code, _, err = at_second.says("publish", "--release")
    assert code == 1
    assert "do not stand as the warehouse's rows would make them" in err
    assert "`playhead run` makes and checks them" in err
    assert len(err.strip().splitlines()) == 1
    assert second.manifest() == before
    assert (second.settings.published_dir / "hold.json").exists()


def test_report_is_the_published_page(at_second: Desk, second: House) -> None:
    path = at_second.folder / "page.html"
    assert at_second.says("report", "--out", path)[:2] == (0, f"{path}\n")
    shown = second.settings.report_dir / "index.html"
    assert path.read_bytes() == shown.read_bytes()


def test_rollback_holds_until_it_is_released(at_second: Desk, second: House) -> None:
    code, out, _ = at_second.says("rollback", "--reason", "wrong rate")
    assert code == 0
    assert "generation 1 is current and held (wrong rate)" in out
    assert second.manifest().generation == 1
    code, _, err = at_second.says("publish")
    assert code == 1
    assert "wrong rate" in err
    assert "playhead publish --release" in err
    assert second.manifest().generation == 1
    code, out, _ = at_second.says("publish", "--release")
    assert code == 0
    assert second.manifest().generation == 3


def test_rollback_to_a_generation_that_is_not_kept_names_those_that_are(
    at_second: Desk,
) -> None:
    code, _, err = at_second.says("rollback", "--to", "9", "--reason", "x")
    assert code == 1
    assert "generation 9 is not kept. Choose one of: 1, 2." in err


# The sandbox and its company


def test_check_in_the_sandbox_finds_every_source(at_first: Desk) -> None:
    code, out, _ = at_first.says("check")
    assert code == 0
    count = len(sources())
    assert f"{count} sources on: {count} ok, 0 refused; 0 off" in out


def test_sandbox_answers_on_its_port_until_it_is_interrupted(tmp_path: Path) -> None:
    with subprocess.Popen(
        [str(PLAYHEAD), "sandbox", "--port", "0", "--scenario", "unit"],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            url, *words = process.stdout.readline().split()
            assert words[-2:] == ["simulated", "data"]
            details = url + "/account-info/v3/details"
            revoked = {"Authorization": "Bearer revoked"}
            answer = requests.get(details, timeout=60)
            refused = requests.get(details, headers=revoked, timeout=60)
            process.send_signal(signal.SIGINT)
            ended = process.wait(timeout=60)
        finally:
            process.kill()  # the block waits for it, whatever went wrong
    assert ended == 0
    assert answer.status_code == 401, "a token is needed, as on the platform"
    assert refused.status_code == 401
    assert (tmp_path / "data" / "sandbox" / "catalogue" / "videos.csv").exists()


def test_every_scenario_can_be_chosen_by_name() -> None:
    assert {"default", "unit", "tiny", "quiet", "outage", "broken"} <= set(SCENARIOS)
