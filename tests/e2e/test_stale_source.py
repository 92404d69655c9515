"""Sources fail in three ways on one night; the others go on, and the report says so."""

import re

import pytest

from ingestion.ingest import ingest
from ingestion.registry import sources
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply
from orchestration.runner import RunOutcome
from tests.support.house import House

LOST = 10_000  # more often than anybody asks


@pytest.fixture(scope="module")
def night(lived_in: House) -> tuple[House, RunOutcome, dict[str, int]]:
    lived_in.back_to("first")
    before = {t: lived_in.rows(f"select count(*) from {t}")[0][0] for t in TABLES}
    faults = lived_in.sandbox.faults
    # HubSpot takes the token back in the middle of its lists
    body = {"status": "error", "message": "The token is expired", "category": "AUTH"}
    faults.add(Fault(r"^/crm/v3/objects/deals", Reply(body, 401), times=LOST, skip=1))
    # YouTube answers what nobody documented
    faults.add(Fault(r"^/youtube/v3/videos", Reply({"items": [{}]}), times=LOST))
    # Search Console stumbles twice, and is asked again
    faults.add(Fault(r"searchAnalytics", Reply({"error": {"message": "x"}}, 503), 2))
    return lived_in, lived_in.run(advance_days=1), before


TABLES = ("raw_hubspot.deals", "raw_hubspot.contacts", "raw_youtube.video_daily")


def test_failed_sources_are_named_and_the_others_are_published(night) -> None:
    _, outcome, _ = night
    assert outcome.exit_code == 3
    assert outcome.error is None
    assert outcome.is_new
    status = {each["source"]: each["status"] for each in outcome.sources}
    assert status == {
        name: "stale" if name in ("hubspot", "youtube") else "fresh"
        for name in sources()
    }


def test_reason_of_a_stale_source_quotes_the_platform_and_the_remedy(night) -> None:
    _, outcome, _ = night
    reasons = {each["source"]: each["reason"] for each in outcome.stale}
    assert "401" in reasons["hubspot"]
    assert '"The token is expired"' in reasons["hubspot"]
    assert "Renew PLAYHEAD_HUBSPOT_ACCESS_TOKEN" in reasons["hubspot"]
    assert re.search(r"KeyError: .*youtube/__init__.py, line \d+", reasons["youtube"])


def test_stale_source_keeps_its_last_good_rows(night) -> None:
    house, _, before = night
    now = {t: house.rows(f"select count(*) from {t}")[0][0] for t in TABLES}
    assert now == before


def test_staleness_reaches_manifest_mart_and_page(night) -> None:
    house, outcome, _ = night
    manifest = house.manifest()
    told = {each.source: each for each in manifest.sources}
    assert told["hubspot"].status == told["youtube"].status == "stale"
    assert told["meta_ads"].status == "fresh"
    # hubspot lists all of its own day: it ends the day before
    assert told["hubspot"].last_date < told["hubspot"].expected_date == outcome.as_of
    marts = house.rows(
        "select source from published.source_freshness where status = 'stale' order by 1"
    )
    assert marts == [("hubspot",), ("youtube",)]
    page = (house.settings.report_dir / "index.html").read_text()
    assert "Renew PLAYHEAD_HUBSPOT_ACCESS_TOKEN" in page


def test_stale_source_has_a_notice_of_its_own(night) -> None:
    house, outcome, _ = night
    assert [(n["kind"], n["text"]) for n in house.notices()] == [
        ("stale source", f"as of {outcome.as_of}: hubspot, youtube")
    ]


def test_next_load_catches_up_when_the_source_is_back(night) -> None:
    house, outcome, _ = night
    house.sandbox.faults.orders.clear()
    for name in ("hubspot", "youtube"):
        back = ingest(sources()[name], house.settings, as_of=outcome.as_of)
        assert (back.status, back.reason) == ("fresh", None)
    days = house.rows("select max(day) from raw_youtube.video_daily")
    assert days == [(back.last_date,)]
