"""What the connector asks of TikTok stays inside the official SDK's parameters."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import tiktok_ads
from ingestion.sources.tiktok_ads import SPEC, columns, fake
from ingestion.world import View
from tests.contract.conftest import Connect
from tests.support.paid import rows

# The SDK takes any text as a dimension and names no list of places; the portal does.
OUTSIDE = {"province_id"}
OUTSIDE_PATHS = {"GET /open_api/v1.3/tool/region/"}


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    path = shared / "apis" / "specs" / "tiktok" / "tiktok_fields.json"
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def test_metrics_exist_at_tiktok(official: dict[str, Any]) -> None:
    asked = {*columns.AD_METRICS, *columns.REGION_METRICS}
    assert asked <= set(official["report_metrics"])


def test_requests_keep_to_the_parameters_and_limits(
    official: dict[str, Any], connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    for table in SPEC.tables[:4]:
        rows(tiktok_ads, link.api, table.name, ads_view)
    paths = {f"{call.method} {call.path}" for call in link.calls}
    assert paths <= {*official["official_sdk_endpoints"], *OUTSIDE_PATHS}
    reports = [c.query for c in link.calls if c.path.endswith("/integrated/get/")]
    enums = official["enums"]
    assert reports
    for query in reports:
        assert set(query) <= set(official["report_integrated_get_params"])
        known = {*official["report_dimensions"], *OUTSIDE}
        assert set(json.loads(query["dimensions"])) <= known
        assert query["report_type"] in enums["report_type"]
        assert query["data_level"] in enums["data_level"]
        for each in json.loads(query["filtering"]):
            assert each["filter_type"] in enums["filter_type"]
        first, last = (date.fromisoformat(query[f"{e}_date"]) for e in ("start", "end"))
        assert (last - first).days < 30
        assert int(query["page_size"]) <= 1000
