"""HubSpot's own client talks to the fake: what it accepts, a real portal would answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.contacts import PublicObjectSearchRequest
from hubspot.crm.contacts.exceptions import ApiException
from hubspot.crm.deals import BatchReadInputSimplePublicObjectId
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


def changed_since(moment: int, above: int, limit: int, after: str | None = None) -> Any:
    return PublicObjectSearchRequest(
        filter_groups=[
            {
                "filters": [
                    {
                        "propertyName": "lastmodifieddate",
                        "operator": "GTE",
                        "value": str(moment),
                    },
                    {
                        "propertyName": "hs_object_id",
                        "operator": "GT",
                        "value": str(above),
                    },
                ]
            }
        ],
        sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        properties=["email"],
        limit=limit,
        after=after,
    )


def test_client_searches_what_changed(client: HubSpot, unit_view: View) -> None:
    contacts = unit_view.contacts
    living = contacts.where(~contacts["is_archived"].astype(bool))
    moment = sorted(living["updated_at"].tolist())[-30]  # thirty changed since
    changed = living.where(living["updated_at"] >= moment)
    ids = sorted(changed["contact_id"], key=int)
    search = client.crm.contacts.search_api.do_search
    first = search(changed_since(moment, 0, 20))
    assert (first.total, first.paging.next.after) == (30, "20")
    assert [each.id for each in first.results] == ids[:20]
    second = search(changed_since(moment, 0, 20, first.paging.next.after))
    assert [each.id for each in second.results] == ids[20:] and second.paging is None
    above = search(changed_since(moment, int(ids[19]), 20))
    assert [each.id for each in above.results] == ids[20:] and above.total == 10
    assert first.results[0].properties["email"] in set(changed["email"])


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (changed_since(0, 0, 201), "between 1 and 200"),
        (changed_since(0, 0, 200, "9900"), "10000 results at most"),
        (changed_since(0, 0, 10, "x"), "Unable to parse value x"),
    ],
)
def test_client_is_told_what_a_search_cannot(
    client: HubSpot, question: Any, says: str
) -> None:
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.search_api.do_search(question)
    assert caught.value.status == 400
    assert '"category":"VALIDATION_ERROR"' in caught.value.body
    assert says in caught.value.body


@pytest.mark.parametrize(
    "wrong", [{"propertyName": "no_such_property"}, {"operator": "ABOUT"}]
)
def test_client_is_told_of_unknown_properties_and_operators(
    client: HubSpot, wrong: dict[str, str]
) -> None:
    known = {"propertyName": "createdate", "operator": "GTE", "value": "0"}
    question = PublicObjectSearchRequest(
        filter_groups=[{"filters": [{**known, **wrong}]}], limit=10
    )
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.search_api.do_search(question)
    assert (
        caught.value.status == 400 and next(iter(wrong.values())) in caught.value.body
    )


def test_client_reads_deals_with_history_in_a_batch(
    client: HubSpot, unit_view: View
) -> None:
    known = unit_view.deals["deal_id"][:3].tolist()
    asked = BatchReadInputSimplePublicObjectId(
        properties=["amount"],
        properties_with_history=["dealstage"],
        inputs=[{"id": each} for each in [*known, "1"]],
    )
    answer = client.crm.deals.batch_api.read(asked)
    assert [each.id for each in answer.results] == known
    assert answer.num_errors == 1 and answer.errors[0].context == {"ids": ["1"]}
    page = client.crm.deals.basic_api.get_page(
        limit=50, properties=["amount"], properties_with_history=["dealstage"]
    )
    listed = {each.id: each for each in page.results}
    for deal in answer.results:
        assert deal.properties_with_history == listed[deal.id].properties_with_history
    asked.inputs = [{"id": str(n)} for n in range(51)]
    with pytest.raises(DealsException, match="between 1 and 50"):
        client.crm.deals.batch_api.read(asked)
