"""Stripe: the connector against its fake, over real HTTP."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.cast import cast
from ingestion.errors import AnswerUnreadable, CredentialRefused, RequestRefused
from ingestion.ingest import ingest
from ingestion.privacy import email_hash
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask, Row
from ingestion.sources import stripe
from ingestion.sources.stripe import SPEC, VERSION, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import World
from ingestion.world.view import View
from tests.contract.conftest import Connect
from warehouse import db
from warehouse.settings import Settings

EVER = date(2020, 1, 1)


def rows(api: Api, table: str, view: View, window: Window | None = None) -> list[Row]:
    """Typed rows of a table; nothing may be put aside."""
    window = window or Window.inclusive(EVER, view.as_of)
    ask = Ask(stripe.accounts(api), window, view.as_of)
    found = [row for batch in stripe.read(api, ask)[table] for row in batch.rows]
    typed = cast(SPEC[table], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    listed: list[Row] = typed.rows.to_pylist()
    return listed


def seconds(row: Row, name: str) -> int:
    return round(row[name].timestamp())


def test_account_is_that_of_the_key(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    assert stripe.accounts(link.api) == (fake.ACCOUNT,)


def test_nothing_is_fetched_before_a_table_is_iterated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window(unit_view.as_of, unit_view.as_of)
    stripe.read(link.api, Ask(("acct",), window, unit_view.as_of))
    assert link.calls == []


def test_customers_and_subscriptions_are_the_company_s_the_canceled_too(
    connect: Connect, unit_view: View
) -> None:
    api = connect(SPEC, fake.routes(unit_view)).api
    known = {row["customer_id"]: row for row in unit_view.customers.rows()}
    email = dict(
        zip(unit_view.contacts["contact_id"], unit_view.contacts["email"], strict=True)
    )
    customers = rows(api, "customers", unit_view)
    assert {row["id"] for row in customers} == known.keys()
    for row in customers:
        contact = known[row["id"]]["contact_id"]
        assert row["email_sha256"] == email_hash(email[contact])
    assert "@" not in str(customers)
    subscriptions = rows(api, "subscriptions", unit_view)
    assert {row["customer"] for row in subscriptions} == known.keys()
    for row in subscriptions:
        ended = known[row["customer"]]["churned_at"]
        assert (row["status"] == "canceled") == (ended >= 0)
        if ended >= 0:
            assert seconds(row, "ended_at") == ended // 1_000
    assert any(row["status"] == "canceled" for row in subscriptions)


def test_lines_of_invoices_sum_to_what_was_billed(
    connect: Connect, unit_view: View
) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "invoice_lines", unit_view)
    invoices = unit_view.invoices
    for currency in ("USD", "EUR", "GBP"):
        mine = invoices["amount_cents"][invoices["currency"] == currency]
        told = [row["amount"] for row in found if row["currency"] == currency.lower()]
        assert sum(told) == mine.sum() > 0
    assert len(found) == len(invoices)
    assert {row["status"] for row in found} == {"paid", "open"}
    assert all(row["subscription"].startswith("sub_") for row in found)
    periods = {
        seconds(row, "period_end") - seconds(row, "period_start") for row in found
    }
    assert periods == {fake.MONTH_SECONDS}


def test_pages_of_a_hundred_are_read_to_the_end(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "invoice_lines", unit_view)
    pages = [call for call in link.calls if call.path == "/v1/invoices"]
    assert len(found) > 200
    assert len(pages) == -(-len(found) // 100)
    assert "starting_after" not in pages[0].query
    assert all("starting_after" in call.query for call in pages[1:])


def test_every_call_names_the_version(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    for table in SPEC.tables:
        rows(link.api, table.name, unit_view)
    assert {call.headers["stripe-version"] for call in link.calls} == {VERSION}


def test_lines_beyond_the_tenth_are_read_from_their_own_list(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def long_invoice(request: Request, reply: Reply) -> Reply:
        first = reply.body["data"][0]
        cut = {**first, "lines": {**first["lines"], "data": [], "has_more": True}}
        return Reply({**reply.body, "data": [cut], "has_more": False})

    link.sandbox.faults.add(Fault("/v1/invoices$", long_invoice))
    (row,) = rows(link.api, "invoice_lines", unit_view)
    assert link.calls[-1].path == f"/v1/invoices/{row['invoice']}/lines"


def test_shape_before_2025_is_read_too_and_drafts_are_left_out(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    line = {
        "id": "il_1",
        "amount": 1250,
        "currency": "jpy",
        "period": {"start": 1_760_000_000, "end": 1_762_600_000},
        "subscription": "sub_old",
        "proration": False,
    }
    old = {
        "id": "in_1",
        "object": "invoice",
        "customer": {"id": "cus_9", "object": "customer"},  # expanded
        "created": 1_760_000_000,
        "status": "paid",
        "subscription": "sub_old",
        "lines": {"data": [line], "has_more": False},
    }
    both = [old, {**old, "id": "in_2", "status": "draft"}]
    body = {"object": "list", "data": both, "has_more": False}
    link.sandbox.faults.add(Fault("/v1/invoices$", Reply(body)))
    (row,) = rows(link.api, "invoice_lines", unit_view)
    assert (row["subscription"], row["customer"]) == ("sub_old", "cus_9")
    assert (row["amount"], row["currency"], row["proration"]) == (1250, "jpy", False)


def test_nights_equal_a_fresh_load(unit_world: World, tmp_path: Path) -> None:
    def loaded(folder: Path, days: list[View]) -> dict[str, list[tuple[object, ...]]]:
        for view in days:
            with serving(fake.routes(view)) as sandbox:
                settings = Settings(data_dir=folder, sandbox_url=sandbox.url)
                outcome = ingest(stripe, settings, as_of=view.as_of)
            assert (outcome.status, outcome.quarantined) == ("fresh", 0)
        with db.reader(settings.warehouse_path) as con:
            return {
                table.name: con.execute(
                    f"select {', '.join(table.columns)} from raw_stripe.{table.name} "
                    "order by all"
                ).fetchall()
                for table in SPEC.tables
            }

    # invoices that were open on the first night are paid on the last
    last = unit_world.view().as_of + timedelta(days=20)
    nights = [unit_world.view(last - timedelta(days=n)) for n in (15, 1, 0)]
    assert loaded(tmp_path / "a", nights) == loaded(tmp_path / "b", nights[-1:])


def test_refused_key_names_the_variable(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_STRIPE_ACCESS_TOKEN"):
        stripe.accounts(link.api)


@pytest.mark.parametrize(
    ("status", "code"), [(429, "rate_limit"), (429, "lock_timeout"), (409, "lock")]
)
def test_limits_and_locks_are_waited_out(
    connect: Connect, unit_view: View, status: int, code: str
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    busy = fake.error(status, "invalid_request_error", "slower", code)
    link.sandbox.faults.add(Fault("/v1/customers", busy))
    assert len(rows(link.api, "customers", unit_view)) == len(unit_view.customers)


def test_list_that_never_ends_is_stopped(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def same_page(request: Request, reply: Reply) -> Reply:
        page = [{"id": "cus_1", "object": "customer"}]
        return Reply({"object": "list", "data": page, "has_more": True})

    link.sandbox.faults.add(Fault("/v1/customers", same_page, times=9))
    with pytest.raises(AnswerUnreadable, match="'cus_1': the list would never end"):
        rows(link.api, "customers", unit_view)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"limit": 101}, "between 1 and 100"),
        ({"limit": 0}, "between 1 and 100"),
        ({"starting_after": "cus_nobody"}, "No such object: 'cus_nobody'"),
    ],
)
def test_what_stripe_refuses_the_fake_refuses(
    connect: Connect, unit_view: View, params: dict[str, object], says: str
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match=says):
        link.api.get("api", "/v1/customers", params)


def test_unknown_version_is_refused(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.api.headers["Stripe-Version"] = "latest"
    with pytest.raises(RequestRefused, match="Invalid Stripe API version: latest"):
        link.api.get("api", "/v1/customers")


def test_canceled_subscriptions_are_listed_only_when_asked_for(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    page = link.api.get("api", "/v1/subscriptions", {"limit": 100})
    assert {each["status"] for each in page["data"]} == {"active"}


def test_objects_have_the_fields_of_the_official_fixtures(
    unit_view: View, shared: Path
) -> None:
    path = shared / "apis" / "specs" / "stripe" / "fixtures_subset.json"
    fixtures = json.loads(path.read_text())
    objects = fake._Books(unit_view).objects
    for kind, name in (
        ("customers", "customer"),
        ("subscriptions", "subscription"),
        ("invoices", "invoice"),
    ):
        assert set(objects[kind][0]) <= set(fixtures[name]), kind
    line = objects["invoices"][0]["lines"]["data"][0]
    assert set(line) <= set(fixtures["line_item"])
