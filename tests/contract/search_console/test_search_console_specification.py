"""What the connector asks of Search Console stays inside its discovery document."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.source import Ask
from ingestion.sources import search_console
from ingestion.sources.search_console import SPEC, fake
from ingestion.windows import Window
from ingestion.world import View
from tests.contract.conftest import Connect


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    path = shared / "apis" / "specs" / "google" / "searchconsole.v1.trimmed.json"
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def test_requests_use_known_fields_and_values_only(
    official: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window.inclusive(unit_view.start, unit_view.as_of)
    ask = Ask(search_console.accounts(link.api), window, unit_view.as_of)
    for batches in search_console.read(link.api, ask).values():
        list(batches)
    schemas = official["schemas"]
    known = schemas["SearchAnalyticsQueryRequest"]["properties"]
    method = official["resources"]["searchanalytics"]["methods"]["query"]
    posts = [call for call in link.calls if call.method == method["httpMethod"]]
    assert posts
    for call in posts:
        site = call.found["site"]
        assert call.path == "/" + method["path"].replace(
            "{siteUrl}", site.replace(":", "%3A")
        )
        body = call.json()
        assert set(body) <= set(known)
        assert body["type"] in known["type"]["enum"]
        assert body["dataState"] in known["dataState"]["enum"]
        assert set(body["dimensions"]) <= set(known["dimensions"]["items"]["enum"])
        assert body["rowLimit"] <= 25_000
        for group in body.get("dimensionFilterGroups", ()):
            for each in group["filters"]:
                fields = schemas["ApiDimensionFilter"]["properties"]
                assert set(each) == set(fields)
                assert each["operator"] in fields["operator"]["enum"]
                assert each["dimension"] in fields["dimension"]["enum"]


def test_rows_of_the_fake_have_the_fields_of_the_document(
    official: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    path = "/webmasters/v3/sites/sc-domain%3Abrindlemoor.example/searchAnalytics/query"
    body = {"startDate": "2025-11-01", "endDate": "2025-11-30", "dataState": "ALL"}
    answer = link.api.post("search", path, {**body, "dimensions": ["DATE"]})
    schemas = official["schemas"]
    told = schemas["SearchAnalyticsQueryResponse"]["properties"]
    assert set(answer) <= set(told)
    assert set(answer["rows"][0]) == set(schemas["ApiDataRow"]["properties"])
    assert answer["responseAggregationType"] in told["responseAggregationType"]["enum"]
