"""The sandbox's event files through the whole source, and what a second night reads."""

import hashlib
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.errors import CredentialMissing, SourceUnreachable
from ingestion.ingest import ingest
from ingestion.sources import site_events
from ingestion.sources.site_events import fake
from ingestion.transport import Api
from ingestion.world import World
from ingestion.world.view import View
from warehouse import db
from warehouse.settings import Settings

SITE = "brindlemoor.example"
AS_OF = date(2026, 3, 1)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def asked(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with db.reader(settings.warehouse_path) as con:
        return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def files(unit_view: View, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The event files of the opening day; tests copy what they change."""
    folder = tmp_path_factory.mktemp("events")
    fake.write_files(unit_view, folder)
    return folder


def test_files_are_the_same_bytes_when_written_again(
    files: Path, unit_view: View, tmp_path: Path
) -> None:
    fake.write_files(unit_view, tmp_path)
    assert bytes_of(tmp_path) == bytes_of(files)


def test_later_days_only_add_files(
    files: Path, unit_world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "events"
    shutil.copytree(files, folder)
    day = unit_world.view().as_of
    for _ in range(3):
        day += timedelta(days=1)
        fake.write_files(unit_world.view(day), folder)
    first, later = bytes_of(files), bytes_of(folder)
    assert {name: later[name] for name in first} == first
    added = sorted(later.keys() - first.keys())
    assert added == [f"{day - timedelta(days=n)}.jsonl" for n in (2, 1, 0)]


def test_closed_months_lie_in_parquet_and_the_last_fortnight_in_json_lines(
    files: Path, unit_view: View
) -> None:
    names = sorted(bytes_of(files))
    lines = [name for name in names if name.endswith(".jsonl")]
    cut = unit_view.as_of - timedelta(days=fake.DAILY_DAYS)
    assert lines == [f"{cut + timedelta(days=n)}.jsonl" for n in range(1, 15)]
    assert names[-len(lines) - 1].endswith(f"_to_{cut}.parquet")


def test_two_nights_load_every_event_once(
    files: Path, unit_world: World, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, mode="sandbox")
    view = unit_world.view()
    shutil.copytree(files, settings.sandbox_dir / "events")
    assert ingest(site_events, settings, as_of=view.as_of).status == "fresh"
    events = view.events
    told = asked(
        settings,
        "select count(*), count(distinct message_id), count(utm_content), "
        "count(click_id), sum(quartile), round(sum(position_seconds), 3), "
        "count(video_ref), count(player_session_id), count(deal_ref), "
        "count(email_sha256), min(account_id) from raw_site_events.events",
    )
    present = {
        name: [v for v in events[name] if v is not None] for name in events.names
    }
    positions = events["position_seconds"]
    assert told == [
        (
            len(events),
            len(set(present["message_id"])),
            len(present["utm_content"]),
            len(present["click_id"]),
            sum(int(q) for q in events["quartile"] if q >= 0),
            round(float(positions[positions >= 0].sum()), 3),
            len(present["video_ref"]),
            len(present["player_session_id"]),
            len(present["deal_ref"]),
            len(present["email"]),
            SITE,
        )
    ]
    hashes = {
        hashlib.sha256(email.strip().lower().encode()).hexdigest()
        for email in present["email"]
    }
    kinds = "select event, count(*) from raw_site_events.events group by event"
    assert dict(asked(settings, kinds)) == Counter(events["event"])
    found = "select distinct email_sha256 from raw_site_events.events"
    assert {row[0] for row in asked(settings, found)} == hashes | {None}

    tomorrow = unit_world.view(view.as_of + timedelta(days=1))
    fake.write_files(tomorrow, settings.sandbox_dir / "events")
    outcome = ingest(site_events, settings, as_of=tomorrow.as_of)
    assert outcome.rows == {"events": len(tomorrow.events) - len(events)}
    again = ingest(site_events, settings, as_of=tomorrow.as_of)
    assert again.rows == {"events": 0}
    counted = asked(settings, "select count(*) from raw_site_events.events")
    assert counted == [(len(tomorrow.events),)]


ROW = (
    '{{"messageId":"{0}","anonymousId":"a","type":"page","timestamp":'
    '"2026-02-01T00:00:00Z","receivedAt":"2026-02-01T00:00:01Z","traits":'
    '{{"email":"ada@firm.test"}},"context":{{"page":{{"url":"https://x/?e=ada@firm.test"}}}}}}\n'
)


def test_broken_file_waits_aside_until_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    settings = Settings(
        data_dir=tmp_path / "data",
        mode="accounts",
        credentials={
            "PLAYHEAD_SITE_EVENTS_PATH": str(folder),
            "PLAYHEAD_SITE_EVENTS_SITE": "x.example",
        },
    )
    (folder / "good.jsonl").write_text(ROW.format("m1") + '{"ada@firm.test": \n')
    (folder / "late.parquet").write_bytes(b"PAR1")
    outcome = ingest(site_events, settings, as_of=date(2026, 2, 1))
    assert (outcome.status, outcome.rows, outcome.quarantined) == (
        "fresh",
        {"events": 1},
        2,
    )
    copy = settings.quarantine_dir / "site_events" / "x.example" / "late.parquet"
    assert copy.read_bytes() == b"PAR1"
    listed = (
        "select location, row_number, reason from quarantine.rows order by location"
    )
    (bad_line, bad_file) = asked(settings, listed)
    assert bad_line == ("good.jsonl", 2, "is no JSON object")
    assert bad_file[0] == "late.parquet" and "cannot be read" in str(bad_file[2])

    # Nothing plain in any cell of either table.
    for table in ("raw_site_events.events", "quarantine.rows"):
        assert "firm.test" not in str(asked(settings, f"select * from {table}"))

    # A file that changes replaces its own rows; the broken one is whole now.
    (folder / "good.jsonl").write_text(ROW.format("m1") + ROW.format("m2"))
    (folder / "late.parquet").unlink()
    (folder / "late.jsonl").write_text(ROW.format("m3"))
    outcome = ingest(site_events, settings, as_of=AS_OF)
    assert outcome.rows == {"events": 3}
    rows = asked(settings, "select message_id from raw_site_events.events order by 1")
    assert rows == [("m1",), ("m2",), ("m3",)]

    # A month later nothing newer has arrived: the rows stay, and the source says so.
    assert outcome.status == "stale"
    assert "end on 2026-02-01, expected 2026-03-01" in str(outcome.reason)


def api(settings: Settings) -> Api:
    return Api(site_events.SPEC, settings)


def test_folders_named_like_domains_are_sites(tmp_path: Path) -> None:
    for name in ("a.example/2026", "b.example", "notes"):
        (tmp_path / name).mkdir(parents=True)
    settings = Settings(
        data_dir=tmp_path / "data",
        mode="accounts",
        credentials={"PLAYHEAD_SITE_EVENTS_PATH": str(tmp_path)},
    )
    assert site_events.accounts(api(settings)) == ["a.example", "b.example"]


def test_what_to_set_is_said_when_the_site_or_the_folder_is_missing(
    tmp_path: Path,
) -> None:
    (tmp_path / "x.jsonl").write_text(ROW.format("m1"))
    variables = {"PLAYHEAD_SITE_EVENTS_PATH": str(tmp_path)}
    settings = Settings(data_dir=tmp_path, mode="accounts", credentials=variables)
    with pytest.raises(CredentialMissing, match="PLAYHEAD_SITE_EVENTS_SITE is not set"):
        site_events.accounts(api(settings))
    variables = {"PLAYHEAD_SITE_EVENTS_PATH": str(tmp_path / "nowhere")}
    settings = Settings(data_dir=tmp_path, mode="accounts", credentials=variables)
    with pytest.raises(SourceUnreachable, match="there is no folder"):
        site_events.accounts(api(settings))
