"""Google's own client talks to the fake: what it decodes, Google would answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from ingestion.sandbox.server import Sandbox, serving
from ingestion.sources.search_console import fake
from ingestion.world import View

PROPERTY = "sc-domain:brindlemoor.example"


@pytest.fixture
def sandbox(unit_view: View) -> Iterator[Sandbox]:
    with serving(fake.routes(unit_view)) as running:
        yield running


def client(sandbox: Sandbox, **told: str) -> Any:
    """Consent as a user gives it: the client itself trades the refresh token."""
    credentials = Credentials(
        None,
        refresh_token=told.get("refresh_token", "r"),
        token_uri=sandbox.url + "/token",
        client_id="i",
        client_secret="s",
    )
    return build(
        "searchconsole",
        "v1",
        static_discovery=True,
        credentials=credentials,
        client_options={"api_endpoint": sandbox.url},
        cache_discovery=False,
    )


def test_client_lists_the_properties(sandbox: Sandbox) -> None:
    with client(sandbox) as search:
        sites = search.sites().list().execute()["siteEntry"]
    assert PROPERTY in {site["siteUrl"] for site in sites}


def test_client_pages_through_a_report(sandbox: Sandbox, unit_view: View) -> None:
    body: dict[str, Any] = {
        "startDate": str(unit_view.start),
        "endDate": str(unit_view.as_of),
        "dimensions": ["DATE", "PAGE"],
        "type": "WEB",
        "rowLimit": 500,
    }
    found: list[dict[str, Any]] = []
    with client(sandbox) as search:
        while True:
            asked = {**body, "startRow": len(found)}
            query = search.searchanalytics().query(siteUrl=PROPERTY, body=asked)
            page = query.execute().get("rows", [])
            found += page
            if len(page) < 500:
                break
    assert len(found) > 500
    assert len({tuple(row["keys"]) for row in found}) == len(found)


def test_client_understands_a_foreign_property(
    sandbox: Sandbox, unit_view: View
) -> None:
    day = str(unit_view.start)
    body = {"startDate": day, "endDate": day}
    with client(sandbox) as search:
        query = search.searchanalytics().query(siteUrl="https://x.example/", body=body)
        with pytest.raises(HttpError) as refused:
            query.execute()
    assert refused.value.status_code == 403
    assert refused.value.error_details[0]["reason"] == "forbidden"


def test_client_understands_an_illegal_pair(sandbox: Sandbox, unit_view: View) -> None:
    day = str(unit_view.start)
    body = {
        "startDate": day,
        "endDate": day,
        "dimensions": ["SEARCH_APPEARANCE", "DATE"],
    }
    with client(sandbox) as search:
        query = search.searchanalytics().query(siteUrl=PROPERTY, body=body)
        with pytest.raises(HttpError, match="cannot be combined") as refused:
            query.execute()
    assert refused.value.status_code == 400
