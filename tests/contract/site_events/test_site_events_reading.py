"""Both dialects and all file kinds become the same columns; what is wrong is put aside."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.sources import site_events
from ingestion.sources.site_events import columns, reading
from ingestion.sources.site_events.files import EventFile, event_files
from ingestion.sources.site_events.reading import FileRead, FileUnread, Rows

SITE = "a.example"
ADDRESS = " Ada@Firm.Example "
HASHED = hashlib.sha256(b"ada@firm.example").hexdigest()
SEGMENT = {
    "messageId": "m1",
    "anonymousId": "anon-1",
    "userId": None,
    "type": "track",
    "event": "Video Playback Started",
    "properties": {
        "session_id": "s1",
        "content_asset_ids": ["v1"],
        "position": 0,
        "total_length": 45.5,
    },
    "context": {
        "page": {
            "url": "https://a.example/demo?utm_content=ph-p1&fbclid=abc%20d",
            "path": "/demo",
            "referrer": "https://l.facebook.com/",
        },
        "campaign": {"source": "facebook", "medium": "paid_social", "name": "c"},
        "userAgent": "Firefox",
        "consent": {"analytics": True},
    },
    "timestamp": "2026-03-01T10:00:00.250Z",
    "receivedAt": "2026-03-01T10:00:02.000Z",
}
SNOWPLOW = {
    "event_id": "e1",
    "domain_userid": "dom-1",
    "user_id": "u-1",
    "event": "unstruct",
    "event_name": "percent_progress_event",
    "derived_tstamp": "2026-03-01 10:00:00.250",
    "collector_tstamp": "2026-03-01 10:00:02",
    "page_url": "https://a.example/demo",
    "page_urlpath": "/demo",
    "mkt_source": "linkedin",
    "mkt_content": "ph-p2",
    "mkt_clickid": "li-1",
    "useragent": "Firefox",
    "contexts_com_snowplowanalytics_snowplow_media_player_2": [
        {"currentTime": 22.5, "duration": 45, "label": "v1", "paused": False}
    ],
    "contexts_com_snowplowanalytics_snowplow_media_session_1": [
        {"mediaSessionId": "s1"}
    ],
    "unstruct_event_com_snowplowanalytics_snowplow_media_percent_progress_event_1": {
        "percentProgress": 50
    },
}


def line(**changed: Any) -> str:
    return json.dumps({**SEGMENT, **changed})


def written(folder: Path, name: str, content: str | bytes) -> EventFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return EventFile(path, SITE, name)


def told(*files: EventFile) -> tuple[list[dict[str, Any]], list[FileRead | FileUnread]]:
    rows: list[dict[str, Any]] = []
    ends: list[FileRead | FileUnread] = []
    for each in reading.read(files, site_events.SPEC["events"]):
        if isinstance(each, Rows):
            rows += each.table.to_pylist()
        else:
            ends.append(each)
    return sorted(rows, key=lambda row: (row["file"], row["row_number"])), ends


def only(*files: EventFile) -> dict[str, Any]:
    rows, ends = told(*files)
    assert [e.rejected for e in ends if isinstance(e, FileRead)] == [[]]
    (row,) = rows
    return {name: value for name, value in row.items() if value is not None}


def reasons(end: FileRead | FileUnread) -> list[tuple[int, str, str]]:
    assert isinstance(end, FileRead)
    return [(each.row_number, each.column, each.reason) for each in end.rejected]


def test_segment_envelope_is_mapped(tmp_path: Path) -> None:
    assert only(written(tmp_path, "f.jsonl", line())) == {
        "account_id": SITE,
        "message_id": "m1",
        "anonymous_id": "anon-1",
        "event": "video_start",
        "event_name": "Video Playback Started",
        "event_at": datetime(2026, 3, 1, 10, 0, 0, 250_000, UTC),
        "received_at": datetime(2026, 3, 1, 10, 0, 2, tzinfo=UTC),
        "page_url": "https://a.example/demo?utm_content=ph-p1&fbclid=abc%20d",
        "page_path": "/demo",
        "referrer": "https://l.facebook.com/",
        "utm_source": "facebook",
        "utm_medium": "paid_social",
        "utm_campaign": "c",
        "utm_content": "ph-p1",  # the campaign object lacks it, the address has it
        "click_id": "abc d",
        "video_ref": "v1",
        "player_session_id": "s1",
        "position_seconds": 0.0,
        "total_seconds": 45.5,
        "user_agent": "Firefox",
        "consent": '{"analytics":true}',
        "file": "f.jsonl",
        "row_number": 1,
    }


SNOWPLOW_ROW = {
    "account_id": SITE,
    "message_id": "e1",
    "anonymous_id": "dom-1",
    "user_id": "u-1",
    "event": "video_progress",
    "event_name": "percent_progress_event",
    "event_at": datetime(2026, 3, 1, 10, 0, 0, 250_000, UTC),
    "received_at": datetime(2026, 3, 1, 10, 0, 2, tzinfo=UTC),
    "page_url": "https://a.example/demo",
    "page_path": "/demo",
    "utm_source": "linkedin",
    "utm_content": "ph-p2",
    "click_id": "li-1",
    "video_ref": "v1",
    "player_session_id": "s1",
    "position_seconds": 22.5,
    "total_seconds": 45.0,
    "quartile": 50,
    "user_agent": "Firefox",
    "row_number": 1,
}


def test_snowplow_json_is_mapped(tmp_path: Path) -> None:
    file = written(tmp_path, "f.jsonl", json.dumps(SNOWPLOW))
    assert only(file) == {**SNOWPLOW_ROW, "file": "f.jsonl"}


def test_snowplow_parquet_with_nested_columns_is_mapped(tmp_path: Path) -> None:
    stamps = {
        name: datetime.fromisoformat(str(SNOWPLOW[name]))
        for name in ("derived_tstamp", "collector_tstamp")
    }
    pq.write_table(pa.Table.from_pylist([SNOWPLOW | stamps]), tmp_path / "f.parquet")
    file = EventFile(tmp_path / "f.parquet", SITE, "f.parquet")
    assert only(file) == {**SNOWPLOW_ROW, "file": "f.parquet"}


def test_parquet_of_a_lake_and_nested_envelopes_are_mapped_alike(
    tmp_path: Path,
) -> None:
    lake = {
        "message_id": "m1",
        "anonymous_id": "anon-1",
        "event": "video_playback_started",
        "timestamp": datetime(2026, 3, 1, 10, 0, 0, 250_000, UTC),
        "received_at": datetime(2026, 3, 1, 10, 0, 2, tzinfo=UTC),
        "context_page_url": SEGMENT["context"]["page"]["url"],  # type: ignore[index]
        "context_campaign_source": "facebook",
        "content_asset_ids": ["v1"],
        "session_id": "s1",
        "position": 0,
        "total_length": "45.5",
    }
    pq.write_table(pa.Table.from_pylist([lake]), tmp_path / "a.parquet")
    pq.write_table(pa.Table.from_pylist([SEGMENT]), tmp_path / "b.parquet")
    rows, _ = told(*event_files(tmp_path, SITE))
    shared = (
        "message_id",
        "event",
        "event_at",
        "received_at",
        "page_path",
        "utm_source",
    )
    shared += ("utm_content", "click_id", "video_ref", "player_session_id")
    shared += ("position_seconds", "total_seconds", "row_number")
    assert {n: rows[0][n] for n in shared} == {n: rows[1][n] for n in shared}


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("Video Content Started", "video_start"),
        ("video_content_playing", "video_progress"),
        ("Video Playback Completed", "video_complete"),
        ("Video Ad Started", "other"),
        ("Order Completed", "other"),
        ("Form Submitted", "form_submit"),
    ],
)
def test_names_of_trackers_become_our_events(
    tmp_path: Path, name: str, event: str
) -> None:
    row = only(written(tmp_path, "f.jsonl", line(event=name)))
    assert (row["event"], row["event_name"]) == (event, name)


def test_session_of_a_visit_is_no_player_session(tmp_path: Path) -> None:
    page = line(type="page", event=None, properties={"session_id": "visit"})
    assert "player_session_id" not in only(written(tmp_path, "f.jsonl", page))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [1, 50, 700, 2**20])
def test_rows_keep_their_line_however_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, block: int
) -> None:
    monkeypatch.setattr(reading, "BLOCK_BYTES", block)
    lines = [
        line(messageId="a"),
        "",
        "{broken",
        line(messageId="b"),
        line(messageId="c"),
    ]
    rows, ends = told(written(tmp_path, "f.jsonl", ending.join(lines)))
    assert [(row["message_id"], row["row_number"]) for row in rows] == [
        ("a", 1),
        ("b", 4),
        ("c", 5),
    ]
    assert reasons(ends[0]) == [(3, "", "is no JSON object")]


def test_bad_rows_are_put_aside_with_line_value_and_reason(tmp_path: Path) -> None:
    start = SEGMENT["properties"]
    assert isinstance(start, dict)
    lines = [
        line(),
        "[1, 2]",
        line(messageId=None),
        line(anonymousId=None),
        line(event=None, type=None),
        line(timestamp="yesterday"),
        line(properties=start | {"position": "N/A"}),
        line(properties=start | {"quartile": 250}),
        '"\xff"',
        line(messageId="m2"),
    ]
    rows, ends = told(written(tmp_path, "f.jsonl", "\n".join(lines).encode("latin-1")))
    assert [row["row_number"] for row in rows] == [1, 10]
    assert reasons(ends[0]) == [
        (2, "message_id", "has no message id"),
        (3, "message_id", "has no message id"),
        (4, "anonymous_id", "names nobody"),
        (5, "event_name", "names no event"),
        (6, "event_at", "is no time with a date"),
        (7, "position_seconds", "is no number of at least 0"),
        (8, "quartile", "is above 100"),
        (9, "", "is no JSON object"),
    ]
    assert isinstance(ends[0], FileRead)
    assert [each.value for each in ends[0].rejected[4:7]] == ["yesterday", "N/A", "250"]


def addressed() -> Iterator[str]:
    """Lines with an address wherever a tracker may put one."""
    yield line(type="identify", event=None, traits={"email": ADDRESS})
    yield line(event="Form Submitted", properties={"email": ADDRESS, "form_id": "x"})
    yield line(userId="ada@firm.example")
    yield line(
        context={"page": {"url": "https://a.example/?wemail=ada%40firm.example"}}
    )
    yield line(context={"page": {"referrer": "https://x.example/?e=ada@firm.example"}})
    yield line(event="ada@firm.example clicked")
    yield line(timestamp="ada@firm.example")  # put aside
    yield '{"email": "ada@firm.example", "broken": '  # put aside


def test_addresses_are_hashed_and_never_kept(tmp_path: Path) -> None:
    rows, ends = told(written(tmp_path, "f.jsonl", "\n".join(addressed())))
    assert [row["email_sha256"] for row in rows] == [HASHED] * 3 + [None] * 3
    assert rows[2]["user_id"] == HASHED  # one person stays one person
    assert rows[3]["page_url"] == "https://a.example/?wemail=(removed)"
    kept = json.dumps([rows, [str(end) for end in ends]], default=str).lower()
    assert "firm.example" not in kept
    assert "ada" not in kept


def test_address_that_was_hashed_before_keeps_its_hash(tmp_path: Path) -> None:
    file = written(tmp_path, "f.jsonl", line(traits={"email": HASHED.upper()}))
    assert only(file)["email_sha256"] == HASHED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.jsonl.gz", gzip.compress(f"{line()}\n".encode() * 50)[:-20]),
        ("b.jsonl.gz", b"plain text"),
        ("b.parquet", b"PAR1 cut off"),
        ("b.jsonl", b"\x00\x01\xfe\n" * 500),
    ],
)
def test_unreadable_file_is_told_and_the_others_are_read(
    tmp_path: Path, name: str, content: bytes
) -> None:
    kinds = {"jsonl": line(messageId="good"), "parquet": ""}
    good = written(tmp_path, "a.jsonl", kinds["jsonl"])
    last = written(tmp_path, "c.jsonl", line(messageId="last"))
    pq.write_table(pa.Table.from_pylist([SEGMENT]), tmp_path / "d.parquet")
    whole = EventFile(tmp_path / "d.parquet", SITE, "d.parquet")
    rows, ends = told(good, written(tmp_path, name, content), last, whole)
    assert [row["message_id"] for row in rows] == ["good", "last", "m1"]
    (unread,) = [end for end in ends if isinstance(end, FileUnread)]
    assert str(unread.error).startswith(name)
    assert "Replace it by a whole one" in str(unread.error)


def test_many_bad_rows_are_counted_and_the_first_ones_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "KEPT_REJECTS", 3)
    lines = [line(messageId=f"m{n}") for n in range(20)] + ["{"] * 10
    rows, (end,) = told(written(tmp_path, "f.jsonl", "\n".join(lines)))
    assert len(rows) == 20
    assert reasons(end) == [
        *((number, "", "is no JSON object") for number in (21, 22, 23)),
        (0, "", "and 7 rows more"),
    ]


def test_identity_stays_when_a_file_is_copied_and_changes_with_its_bytes(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, "f.jsonl", line())
    before = file.identity
    assert written(tmp_path, "f.jsonl", line()).identity == before
    assert written(tmp_path, "f.jsonl", line(messageId="m2")).identity != before


def test_video_events_of_the_specification_are_known(shared: Path) -> None:
    spec = shared / "apis" / "specs" / "events" / "segment_video_email_names.json"
    names = json.loads(spec.read_text())["video_events"]
    known = {name for group in columns.NAMES.values() for name in group}
    unknown = {n for n in names if n.lower().replace(" ", "") not in known}
    # Ads inside players, and what says nothing about watching.
    assert unknown == {
        "Video Ad Completed",
        "Video Ad Playing",
        "Video Ad Started",
        "Video Playback Buffer Completed",
        "Video Playback Buffer Started",
        "Video Playback Seek Started",
    }


def test_snowplow_fields_are_those_of_its_schemas(shared: Path) -> None:
    folder = shared / "apis" / "specs" / "events"
    schemas = json.loads((folder / "snowplow_media_schemas.json").read_text())
    fields = {
        name for schema in schemas.values() for name in schema.get("properties", ())
    }
    media = [p for group in columns.PATHS.values() for p in group if "media" in p]
    assert {path.rpartition(".")[2] for path in media} <= fields
