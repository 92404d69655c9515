"""simple-salesforce talks to the fake: what it understands, an organisation would answer."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
)

from ingestion.sandbox.server import serving
from ingestion.sources.salesforce import fake
from ingestion.world.view import View


class Plain(HTTPAdapter):
    """The client insists on https; the sandbox speaks http."""

    def send(self, request: Any, **more: Any) -> requests.Response:
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **more)


@pytest.fixture(scope="module")
def url(unit_view: View) -> Iterator[str]:
    with serving(fake.routes(unit_view)) as sandbox:
        yield sandbox.url


@pytest.fixture
def org(url: str) -> Iterator[Salesforce]:
    with session(url) as known:
        yield client(url, known)


def session(url: str) -> requests.Session:
    made = requests.Session()
    made.mount(url.replace("http://", "https://"), Plain())
    return made


def client(url: str, known: requests.Session, token: str = "t") -> Salesforce:
    return Salesforce(
        instance_url=url.replace("http://", "https://"),
        session_id=token,
        session=known,
        version=f"{max(fake.VERSIONS)}.0",
    )


def test_client_pages_through_a_query(
    org: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "LEAST", 50)  # the unit company has few contacts
    soql = "SELECT Id, IsDeleted FROM Contact ORDER BY Id"
    org.headers["Sforce-Query-Options"] = "batchSize=50"
    first = org.query(soql)
    assert first["totalSize"] > 50 and not first["done"]  # more than a page
    found = [record["Id"] for record in org.query_all_iter(soql)]
    assert len(found) == first["totalSize"] == len(set(found))
    assert found == sorted(found)


def test_client_sees_what_was_deleted_only_when_asked(org: Salesforce) -> None:
    soql = "SELECT Id, IsDeleted FROM Contact"
    living = org.query_all(soql)["totalSize"]
    every = org.query_all(soql, include_deleted=True)
    gone = [each for each in every["records"] if each["IsDeleted"]]
    assert every["totalSize"] == living + len(gone)


def test_client_reads_the_fields_of_an_object(org: Salesforce) -> None:
    names = {field["name"] for field in org.Opportunity.describe()["fields"]}
    assert {"Id", "StageName", "Amount", "CloseDate", "SystemModstamp"} <= names


def test_client_knows_how_much_of_the_day_is_used(org: Salesforce) -> None:
    org.query("SELECT Id FROM Organization")
    usage = org.api_usage["api-usage"]
    assert (usage.used, usage.total) == (18, 100_000)


def test_client_understands_the_refusals(url: str, org: Salesforce) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        org.query("SELECT Id, Mood FROM Contact")
    with session(url) as known, pytest.raises(SalesforceExpiredSession):
        client(url, known, "revoked").query("SELECT Id FROM Contact")
