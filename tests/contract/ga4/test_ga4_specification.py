"""What the connector asks of GA4 stays inside the API's own description."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import ga4
from ingestion.sources.ga4 import SPEC, columns, fake
from ingestion.world import View
from tests.contract.conftest import Connect
from tests.support.paid import rows


@pytest.fixture(scope="module")
def schemas(shared: Path) -> dict[str, Any]:
    folder = shared / "apis" / "specs" / "google"
    told = json.loads((folder / "analyticsdata.v1beta.trimmed.json").read_text())
    schemas: dict[str, Any] = told["schemas"]
    return schemas


def test_dimensions_and_metrics_exist_and_keep_to_the_limits(shared: Path) -> None:
    path = shared / "apis" / "specs" / "google" / "ga4_api_names.json"
    known = set(json.loads(path.read_text())["names"])
    for report in columns.REPORTS.values():
        assert {*report.dimensions, *report.metrics} <= known
        assert len(report.dimensions) <= 9
        assert len(report.metrics) <= 10


def test_requests_have_only_fields_of_the_description(
    schemas: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    for table in SPEC.tables:
        rows(ga4, link.api, table.name, unit_view)
    of = {
        "runReport": "RunReportRequest",
        "checkCompatibility": "CheckCompatibilityRequest",
    }
    asked = [(c.path.rpartition(":")[2], c.json()) for c in link.calls if c.body]
    asked = [(verb, body) for verb, body in asked if verb in of]
    assert {verb for verb, _ in asked} == set(of)
    for verb, body in asked:
        assert set(body) <= set(schemas[of[verb]]["properties"])
        if verb == "runReport":
            assert isinstance(body["limit"], str)  # 64 bits travel as text
            assert int(body["limit"]) <= 250_000


def test_answers_of_the_fake_have_only_fields_of_the_description(
    schemas: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    body = {
        **ga4._asked(columns.EVENTS_DAILY),
        "dateRanges": [
            {"startDate": str(unit_view.start), "endDate": str(unit_view.as_of)}
        ],
        "returnPropertyQuota": True,
    }
    told = link.api.post("data", f"/v1beta/{fake.PROPERTY}:runReport", body)
    assert set(told) <= set(schemas["RunReportResponse"]["properties"])
    assert set(told["metadata"]) <= set(schemas["ResponseMetaData"]["properties"])
    assert set(told["propertyQuota"]) <= set(schemas["PropertyQuota"]["properties"])
