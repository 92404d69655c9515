"""LinkedIn's own client asks the fake: its Rest.li spelling is the one that counts."""

from collections.abc import Iterator
from typing import Any

import pytest
from linkedin_api.clients.restli.client import RestliClient
from linkedin_api.common import constants

from ingestion import linkedin
from ingestion.sandbox.server import Sandbox, serving
from ingestion.sources.linkedin_ads import fake
from ingestion.world import View

NORTH = "urn:li:sponsoredAccount:508113240"


@pytest.fixture
def sandbox(unit_view: View, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with serving(fake.routes(unit_view)) as running:
        monkeypatch.setattr(constants, "VERSIONED_BASE_URL", running.url + "/rest")
        yield running


def find(path: str, finder: str, token: str = "t", **told: Any) -> Any:
    return RestliClient().finder(
        resource_path=path,
        finder_name=finder,
        access_token=token,
        query_params=told or None,
        version_string=linkedin.VERSION,
    )


def test_client_lists_the_accounts(sandbox: Sandbox) -> None:
    told = find("/adAccounts", "search", pageSize=10)
    assert told.status_code == 200
    assert {each["currency"] for each in told.elements} == {"USD", "EUR"}


def test_client_reads_figures_by_creative_and_day(
    sandbox: Sandbox, unit_view: View
) -> None:
    day = {"year": 2025, "month": 11, "day": 1}
    told = find(
        "/adAnalytics",
        "analytics",
        pivot={"value": "CREATIVE"},
        timeGranularity={"value": "DAILY"},
        dateRange={"start": day, "end": {**day, "month": 12}},
        accounts=[NORTH],
        fields="dateRange,pivotValues,impressions,costInLocalCurrency",
    )
    assert told.status_code == 200
    assert len(told.elements) == 31  # one creative, 1 November to 1 December
    assert all(float(each["costInLocalCurrency"]) > 0 for each in told.elements)


def test_client_reads_the_regions_of_a_campaign_and_their_names(
    sandbox: Sandbox, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = {"year": 2025, "month": 11, "day": 1}
    mine = unit_view.placements["account_id"] == NORTH.rpartition(":")[2]
    campaigns = {
        f"urn:li:sponsoredCampaign:{number}"
        for number in unit_view.placements["campaign_id"][mine]
    }
    told = find(
        "/adAnalytics",
        "analytics",
        pivot={"value": "MEMBER_REGION_V2"},
        timeGranularity={"value": "DAILY"},
        dateRange={"start": day, "end": {**day, "month": 12}},
        campaigns=sorted(campaigns),
        fields="dateRange,pivotValues,impressions",
    )
    assert told.status_code == 200
    geos = {each["pivotValues"][0].rpartition(":")[2] for each in told.elements}
    assert len(geos) > 3
    url = sandbox.url + "/v2"
    monkeypatch.setattr(constants, "NON_VERSIONED_BASE_URL", url)
    named = RestliClient().batch_get(
        resource_path="/geo",
        ids=sorted(geos),
        access_token="t",
    )
    names = {each["defaultLocalizedName"]["value"] for each in named.results.values()}
    assert names <= set(unit_view.regions["region"])
    assert len(names) == len(geos)


def test_client_gets_a_batch_of_posts(sandbox: Sandbox, unit_view: View) -> None:
    mine = unit_view.placements["channel"] == "linkedin_ads"
    post = f"urn:li:ugcPost:7{unit_view.placements['ad_id'][mine][0]}"
    told = RestliClient().batch_get(
        resource_path="/posts",
        ids=[post],
        access_token="t",
        version_string=linkedin.VERSION,
    )
    (found,) = told.results.values()
    assert found["id"] == post
    assert found["content"]["media"]["id"].startswith("urn:li:video:")


def test_client_is_refused_as_linkedin_refuses(sandbox: Sandbox) -> None:
    assert find("/adAccounts", "search", token="revoked").status_code == 401
    old = RestliClient().finder(
        resource_path="/adAccounts",
        finder_name="search",
        access_token="t",
        version_string="202501",
    )
    assert old.status_code == 426
