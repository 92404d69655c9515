"""Stripe: customers, their subscriptions, and what every invoice was for.

GET /v1/customers, /v1/subscriptions (whole: nothing says what changed) and /v1/invoices of
the window with their lines. Not here: minor units, recurring revenue (dbt does).
Version, limits, changed shapes: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from ingestion.errors import AnswerUnreadable
from ingestion.privacy import known_email
from ingestion.source import Ask, Batch, Row
from ingestion.sources.stripe import columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api, default_verdict

VERSION = "2026-10-28.endive"
LIMIT = 100


def verdict(status: int, body: object) -> str:
    """409 is a lock on the object: it passes."""
    return "retry" if status == 409 else default_verdict(status, body)


_KEY = ("account_id", "id")
SPEC = SourceSpec(
    name="stripe",
    family="journey",
    title="Stripe",
    day_zone="UTC",
    lag_days=0,
    lookback_days=40,  # an invoice is paid, voided or given up within its dunning
    history_days=1_100,
    tables=(
        Table("customers", columns.CUSTOMERS, grain=_KEY),
        Table("subscriptions", columns.SUBSCRIPTIONS, grain=_KEY),
        Table("invoice_lines", columns.INVOICE_LINES, grain=_KEY, replaced_by=_KEY),
    ),
    settings=(
        Setting(
            "ACCESS_TOKEN",
            "restricted key (rk_live_...) that may read customers, subscriptions, "
            "invoices and the account",
        ),
    ),
    hosts={"api": "https://api.stripe.com"},
    headers={"Stripe-Version": VERSION},  # else the account's own version answers
    verdict=verdict,
)


def accounts(api: Api) -> Sequence[str]:
    """The account of the key."""
    return (str(_get(api, "/v1/account")["id"]),)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """Lists whole; invoices by the day they were made."""
    made = {
        "created[gte]": _epoch(ask.window.start),
        "created[lt]": _epoch(ask.window.end),
    }
    return {
        "customers": _table(
            ask, "customers", map(_customer, _listed(api, "customers"))
        ),
        "subscriptions": _table(
            ask,
            "subscriptions",
            # without status, canceled ones are left out
            map(_subscription, _listed(api, "subscriptions", {"status": "all"})),
        ),
        "invoice_lines": _table(
            ask,
            "invoices",
            (
                line
                for invoice in _listed(api, "invoices", made)
                if invoice["status"] != "draft"  # may still change
                for line in _lines(api, invoice)
            ),
        ),
    }


def _table(ask: Ask, where: str, rows: Iterator[Row]) -> Iterator[Batch]:
    for account in ask.accounts:  # one key, one account
        yield Batch(account, [{"account_id": account, **row} for row in rows], where)


def _customer(item: Row) -> Row:
    return {
        "id": item["id"],
        "created": _moment(item.get("created")),
        "email_sha256": known_email(item.get("email")),
        "currency": item.get("currency"),
        "delinquent": item.get("delinquent"),
    }


def _subscription(item: Row) -> Row:
    return {
        "id": item["id"],
        "customer": _id(item["customer"]),
        "status": item["status"],
        "currency": item.get("currency"),
        "created": _moment(item.get("created")),
        "start_date": _moment(item.get("start_date")),
        "canceled_at": _moment(item.get("canceled_at")),
        "ended_at": _moment(item.get("ended_at")),
        "cancel_at_period_end": item.get("cancel_at_period_end"),
        "cancellation_reason": (item.get("cancellation_details") or {}).get("reason"),
    }


def _lines(api: Api, invoice: Row) -> Iterator[Row]:
    """Every line of an invoice; an answer carries the first ten, the rest is a list."""
    told = invoice["lines"]
    lines = told["data"]
    if told.get("has_more"):
        lines = _listed(api, f"invoices/{invoice['id']}/lines")
    for line in lines:
        yield {
            "id": line["id"],
            "invoice": invoice["id"],
            "customer": _id(invoice["customer"]),
            "subscription": _subscription_of(invoice, line),
            "status": invoice["status"],
            "created": _moment(invoice["created"]),
            "period_start": _moment(line["period"]["start"]),
            "period_end": _moment(line["period"]["end"]),
            "currency": line["currency"],
            "amount": line["amount"],
            "proration": _item_details(line).get("proration", line.get("proration")),
        }


def _item_details(line: Row) -> Row:
    parent = line.get("parent") or {}
    details: Row = parent.get("subscription_item_details") or {}
    return details


def _subscription_of(invoice: Row, line: Row) -> str | None:
    """Since version 2025-03-31 in `parent`, before beside the amounts."""
    parent = (invoice.get("parent") or {}).get("subscription_details") or {}
    told = (
        _item_details(line).get("subscription")
        or line.get("subscription")
        or parent.get("subscription")
        or invoice.get("subscription")
    )
    return _id(told) if told else None


def _id(told: Any) -> str:
    """An id, or the object that stands for it when it was expanded."""
    return str(told["id"] if isinstance(told, dict) else told)


def _moment(seconds: int | None) -> int | None:
    """Epoch milliseconds, as our casts take them."""
    return None if seconds is None else seconds * 1_000


def _epoch(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _get(api: Api, path: str, params: Mapping[str, Any] | None = None) -> Row:
    answer: Row = api.get("api", path, params)
    return answer


def _listed(
    api: Api, kind: str, params: Mapping[str, Any] | None = None
) -> Iterator[Row]:
    """All objects of a list, newest first, a page at a time.

    Source: https://docs.stripe.com/api/pagination
    """
    asked: dict[str, Any] = {"limit": LIMIT, **(params or {})}
    seen: set[str] = set()
    while True:
        page = _get(api, f"/v1/{kind}", asked)
        yield from page["data"]
        if not page["has_more"] or not page["data"]:
            return
        last = page["data"][-1]["id"]
        if last in seen:
            raise AnswerUnreadable(
                f"Stripe ended two pages of {kind} with {last!r}: the list would never "
                "end. Run again later; the known rows stay"
            )
        seen.add(last)
        asked["starting_after"] = last
