"""Stripe's own client talks to the fake: what it accepts, Stripe would answer."""

from collections.abc import Iterator

import pytest
from stripe import AuthenticationError, InvalidRequestError, StripeClient

from ingestion.sandbox.server import serving
from ingestion.sources import stripe
from ingestion.sources.stripe import fake
from ingestion.world.view import View


@pytest.fixture(scope="module")
def url(unit_view: View) -> Iterator[str]:
    with serving(fake.routes(unit_view)) as sandbox:
        yield sandbox.url


def client(url: str, key: str = "rk_test_x") -> StripeClient:
    return StripeClient(key, base_addresses={"api": url}, max_network_retries=0)


def test_client_sends_the_version_that_we_pin(url: str) -> None:
    account = client(url).v1.accounts.retrieve_current()
    assert account.id == fake.ACCOUNT
    assert account.last_response is not None
    assert account.last_response.headers["Stripe-Version"] == stripe.VERSION


def test_client_pages_through_all_customers(url: str, unit_view: View) -> None:
    listed = client(url).v1.customers.list({"limit": 3})
    found = [customer.id for customer in listed.auto_paging_iter()]
    assert len(found) > 3  # more than a page
    assert sorted(found) == sorted(unit_view.customers["customer_id"])


def test_client_lists_canceled_subscriptions_only_when_asked(
    url: str, unit_view: View
) -> None:
    service = client(url).v1.subscriptions
    living = list(service.list({"limit": 100}).auto_paging_iter())
    every = list(service.list({"limit": 100, "status": "all"}).auto_paging_iter())
    churned = unit_view.customers["churned_at"] >= 0
    assert len(every) - len(living) == int(churned.sum())
    assert all(each.status == "active" for each in living)
    assert every[0]["items"].data[0].price.unit_amount >= 0


def test_client_reads_invoices_with_their_lines(url: str, unit_view: View) -> None:
    service = client(url).v1.invoices
    found = list(service.list({"limit": 100}).auto_paging_iter())
    assert sum(invoice.total for invoice in found) == int(
        unit_view.invoices["amount_cents"].sum()
    )
    first = found[0]
    assert first.id is not None
    lines = client(url).v1.invoices.line_items.list(first.id)
    assert [line.id for line in lines.data] == [line.id for line in first.lines.data]


def test_client_understands_the_refusals(url: str) -> None:
    with pytest.raises(AuthenticationError) as expired:
        client(url, "revoked").v1.accounts.retrieve_current()
    assert expired.value.json_body["error"]["code"] == "api_key_expired"
    with pytest.raises(InvalidRequestError, match="between 1 and 100") as wrong:
        client(url).v1.customers.list({"limit": 101})
    assert wrong.value.param == "limit"
    assert wrong.value.http_status == 400
