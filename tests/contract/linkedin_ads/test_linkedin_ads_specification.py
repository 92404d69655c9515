"""What the connector asks of LinkedIn stays inside its documented fields and limits."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import linkedin_ads
from ingestion.sources.linkedin_ads import SPEC, analytics, columns, fake
from ingestion.world import View
from tests.contract.conftest import Connect
from tests.support.paid import rows


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    path = shared / "apis" / "specs" / "linkedin" / "linkedin_fields.json"
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def test_metrics_exist_at_linkedin_with_the_types_we_read(
    official: dict[str, Any],
) -> None:
    known = official["ad_analytics_metrics"]
    for name, (_, kind) in columns.METRICS.items():
        assert (known[name] == "decimal string") == str(kind).startswith("decimal"), (
            name
        )
    assert list(columns.KEYS) == official["ad_analytics_always"]


def test_limits_are_the_documented_ones(official: dict[str, Any]) -> None:
    limits = official["limits"]
    assert limits["fields_per_call"] == columns.FIELDS_PER_CALL
    assert limits["elements_per_response"] == analytics.MOST_ELEMENTS


@pytest.mark.parametrize("table", ["ad_analytics_daily", "campaign_region_daily"])
def test_reports_are_asked_with_known_values_only(
    table: str, official: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    rows(linkedin_ads, link.api, table, unit_view)
    reports = [c.query for c in link.calls if c.path == "/rest/adAnalytics"]
    assert reports
    fields = {*official["ad_analytics_metrics"], *official["ad_analytics_always"]}
    for query in reports:
        assert query["pivot"][7:-1] in official["pivots"]
        assert query["timeGranularity"][7:-1] in official["time_granularity"]
        asked = query["fields"].split(",")
        assert set(asked) <= fields
        assert len(asked) <= official["limits"]["fields_per_call"]
