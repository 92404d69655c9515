"""Lists of which only some rows were read: those are replaced, the others stay."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.errors import AnswerUnreadable, source_error
from ingestion.pipeline import Loaded, load
from ingestion.records import open_records
from ingestion.source import Ask, Batch
from ingestion.spec import INT, TEXT, SourceSpec, Table
from ingestion.windows import Window
from warehouse import db
from warehouse.settings import Settings

PEOPLE = Table(
    "people", {"account_id": TEXT, "id": TEXT, "n": INT}, ("account_id", "id")
)
PAIRS = Table(
    "pairs",
    {"account_id": TEXT, "one": TEXT, "other": TEXT},
    ("account_id", "one", "other"),
)
SPEC = SourceSpec("demo", "paid", "Demo", (PEOPLE, PAIRS), "UTC", 0, 7)
ACCOUNT = "it's {1}"
DAY = date(2026, 1, 31)
Patches = Mapping[str, Collection[str]] | None


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def put(
    settings: Settings,
    rows: Mapping[str, list[dict[str, Any]]],
    patches: Mapping[str, Patches] | None = None,
    known: Mapping[str, Mapping[str, int]] | None = None,
    lists: Mapping[str, str] | None = None,
    account: str = ACCOUNT,
) -> Loaded:
    def batches(table: str) -> Iterator[Batch]:
        told = [{"account_id": account, **row} for row in rows[table]]
        yield Batch(account, told, "page", patches=(patches or {}).get(table))

    ask = Ask((account,), Window(DAY, DAY), DAY)
    fetched = {table: batches(table) for table in rows}
    return load(SPEC, settings, fetched, ask, known or {}, lists)


def read(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        return con.execute(sql).fetchall()


def people(settings: Settings) -> list[tuple[Any, ...]]:
    return read(settings, "select id, n from raw_demo.people order by all")


KNOWN = {"people": {ACCOUNT: 20}, "pairs": {ACCOUNT: 3}}
TWENTY = [{"id": f"p{n:02}", "n": n} for n in range(20)]


def test_rows_of_the_values_are_replaced_and_the_others_stay_as_they_were(
    settings: Settings,
) -> None:
    put(settings, {"people": TWENTY, "pairs": []})
    before = dict(read(settings, "select id, _dlt_load_id from raw_demo.people"))
    patch = {"people": {"id": ["p01", "p02", "new"]}}  # p02 does not come: it is gone
    rows = [{"id": "p01", "n": 100}, {"id": "new", "n": 7}]
    done = put(settings, {"people": rows}, patch, KNOWN)
    kept = [(row["id"], row["n"]) for row in TWENTY if row["id"] not in ("p01", "p02")]
    assert people(settings) == sorted([*kept, ("p01", 100), ("new", 7)])
    assert done.rows == {"people": 2}  # what came, and no guard on what stays
    after = dict(read(settings, "select id, _dlt_load_id from raw_demo.people"))
    assert after["p03"] == before["p03"]
    assert after["p01"] == after["new"] == done.load_id


def test_a_pair_goes_with_either_of_its_sides(settings: Settings) -> None:
    pairs = [{"one": a, "other": b} for a, b in ("ax", "by", "cx", "dz")]
    put(settings, {"people": [], "pairs": pairs})
    patch = {"pairs": {"one": {"b"}, "other": {"x"}}}
    put(settings, {"pairs": [{"one": "c", "other": "x"}]}, patch, KNOWN)
    found = read(settings, "select one, other from raw_demo.pairs order by all")
    assert found == [("c", "x"), ("d", "z")]


def test_another_account_keeps_rows_of_the_same_values(settings: Settings) -> None:
    put(settings, {"people": TWENTY[:1]})
    put(settings, {"people": TWENTY[:1]}, account="other")
    put(settings, {"people": []}, {"people": {"id": ["p00"]}}, KNOWN)
    found = read(settings, "select account_id from raw_demo.people")
    assert found == [("other",)]


def test_a_whole_list_is_written_after_a_patch_though_it_equals_the_one_before(
    settings: Settings,
) -> None:
    first = put(settings, {"people": TWENTY})
    patch = {"people": {"id": ["p01"]}}
    second = put(settings, {"people": [{"id": "p01", "n": 0}]}, patch, KNOWN)
    assert second.lists["people"] != first.lists["people"]
    third = put(settings, {"people": TWENTY}, None, KNOWN, second.lists)
    assert third.lists == {"people": first.lists["people"]}
    assert people(settings) == [(row["id"], row["n"]) for row in TWENTY]


def test_a_kill_right_after_a_patch_leaves_no_digest_of_the_list_before(
    settings: Settings,
) -> None:
    """Else the whole list, equal to the one before the patch, would not be written."""
    first = put(settings, {"people": TWENTY, "pairs": []})
    open_records(settings)
    told = [("demo", table, digest) for table, digest in first.lists.items()]
    with db.writer(settings.warehouse_path) as con:
        con.executemany(
            "insert into meta.loaded_lists values (?, ?, ?)",
            [*told, ("other", "people", "theirs")],
        )
    patch = {"people": {"id": ["p01"]}}
    put(
        settings, {"people": [{"id": "p01", "n": 0}]}, patch, KNOWN
    )  # no record follows
    left = read(settings, "select source, table_name, digest from meta.loaded_lists")
    digests = {(source, table): digest for source, table, digest in left}
    assert digests["other", "people"] == "theirs"
    assert digests["demo", "pairs"] == first.lists["pairs"]
    recorded = {"people": digests["demo", "people"]}
    put(settings, {"people": TWENTY}, None, KNOWN, recorded)
    assert people(settings) == [(row["id"], row["n"]) for row in TWENTY]


def test_all_tables_are_patched_or_none(settings: Settings) -> None:
    put(settings, {"people": TWENTY, "pairs": [{"one": "a", "other": "x"}]})
    before = people(settings)
    patches: dict[str, Patches] = {
        "people": {"id": ["p01"]},
        "pairs": {"no such column": ["a"]},
    }
    with pytest.raises(duckdb.Error):
        put(settings, {"people": [], "pairs": []}, patches, KNOWN)
    assert people(settings) == before


def test_rows_mostly_broken_are_refused_in_a_patch_too(settings: Settings) -> None:
    put(settings, {"people": TWENTY})
    before = people(settings)
    broken = [{"id": f"p{n:02}", "n": "n/a"} for n in range(15)]
    patch = {"people": {"id": [row["id"] for row in broken]}}
    with pytest.raises(Exception) as caught:
        put(settings, {"people": broken}, patch, KNOWN)
    assert isinstance(source_error(caught.value), AnswerUnreadable)
    assert people(settings) == before
