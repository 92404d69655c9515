"""HubSpot's own client talks to the fake: what it accepts, a real portal would answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.contacts.exceptions import ApiException
from hubspot.crm.deals.exceptions import ApiException as DealsException

from ingestion.sandbox.server import serving
from ingestion.sources.hubspot import fake
from ingestion.world.view import View


@pytest.fixture(scope="module")
def url(unit_view: View) -> Iterator[str]:
    with serving(fake.routes(unit_view)) as sandbox:
        yield sandbox.url


@pytest.fixture
def client(url: str) -> HubSpot:
    return HubSpot(access_token="t", host=url)


def test_client_pages_through_all_contacts(client: HubSpot, unit_view: View) -> None:
    found = client.crm.contacts.get_all(properties=["email", "lifecyclestage"])
    contacts = unit_view.contacts
    living = contacts.where(~contacts["is_archived"].astype(bool))
    assert [each.id for each in found] == sorted(living["contact_id"], key=int)
    assert len(found) > 100  # more than a page
    known = dict(zip(living["contact_id"], living["email"], strict=True))
    assert {each.id: each.properties["email"] for each in found} == known
    assert isinstance(found[0].created_at, datetime)


def test_client_lists_deleted_contacts_apart(client: HubSpot, unit_view: View) -> None:
    found = client.crm.contacts.get_all(archived=True)
    contacts = unit_view.contacts
    gone = contacts.where(contacts["is_archived"].astype(bool))
    assert {each.id for each in found} == set(gone["contact_id"])
    assert all(each.archived and each.archived_at.tzinfo for each in found)


def test_client_reads_deals_with_history_and_associations(
    client: HubSpot, unit_view: View
) -> None:
    page = client.crm.deals.basic_api.get_page(
        limit=50,
        properties=["dealname", "amount"],
        properties_with_history=["dealstage", "amount"],
        associations=["contacts", "companies"],
    )
    deals = {row["deal_id"]: row for row in unit_view.deals.rows()}
    assert len(page.results) == 50
    assert page.paging.next.after.isdigit()
    for deal in page.results:
        stages = deal.properties_with_history["dealstage"]
        times = [each.timestamp for each in stages]
        assert all(
            later > earlier for later, earlier in pairwise(times)
        )  # newest first
        created = datetime.fromtimestamp(deals[deal.id]["created_at"] / 1000, UTC)
        assert times[-1] == created
        assert deal.properties_with_history["amount"] == []
        company = deals[deal.id]["company_id"]
        if company:
            assert deal.associations["companies"].results[0].id == company


def test_client_reads_associations_in_a_batch(client: HubSpot, unit_view: View) -> None:
    known = unit_view.deal_contacts
    inputs = [{"id": deal} for deal in [*known["deal_id"][:3], "1"]]
    answer = client.crm.associations.v4.batch_api.get_page(
        "deals",
        "contacts",
        BatchInputPublicFetchAssociationsBatchRequest(inputs=inputs),
    )
    assert [each._from.id for each in answer.results] == [*known["deal_id"][:3]]
    assert answer.results[0].to[0].association_types[0].category == "HUBSPOT_DEFINED"
    assert answer.num_errors == 1  # deal 1 has none: status 207


def test_client_reads_the_pipeline(client: HubSpot) -> None:
    (pipeline,) = client.crm.pipelines.pipelines_api.get_all("deals").results
    stages = sorted(pipeline.stages, key=lambda each: each.display_order)
    assert [each.label for each in stages][-2:] == ["Closed won", "Closed lost"]
    assert stages[-2].metadata == {"probability": "1.0", "isClosed": "true"}


def test_client_gets_the_limits_and_errors_of_a_portal(
    client: HubSpot, url: str
) -> None:
    _, status, headers = client.crm.contacts.basic_api.get_page_with_http_info(limit=1)
    assert status == 200
    assert headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.basic_api.get_page(limit=101)
    assert caught.value.status == 400
    assert '"category":"VALIDATION_ERROR"' in caught.value.body
    with pytest.raises(DealsException) as refused:
        client.crm.deals.basic_api.get_page(
            limit=51, properties_with_history=["dealstage"]
        )
    assert refused.value.status == 400
    with pytest.raises(ApiException) as expired:
        HubSpot(access_token="revoked", host=url).crm.contacts.basic_api.get_page()
    assert expired.value.status == 401
    assert '"category":"EXPIRED_AUTHENTICATION"' in expired.value.body
