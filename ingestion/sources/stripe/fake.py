"""How Stripe answers: lists newest first with `starting_after`, its envelope, its versions.

Proved with the official client (tests/clients/stripe). One subscription per customer and one
line per invoice, as the simulated company bills. Not here: who stays (world).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Any

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.world.view import View

Item = dict[str, Any]
MOST = 100
MONTH_SECONDS = int(30.4375 * 86_400)
PAYS_WITHIN_DAYS = 3  # until then an invoice is open
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(\.[a-z]+)?")


def routes(view: View) -> list[Route]:
    """Everything the connector and the official client ask for."""
    books = _Books(view)

    def account(request: Request) -> Reply:
        return Reply({"id": ACCOUNT, "object": "account", "default_currency": "usd"})

    def listed(request: Request) -> Reply:
        kind = request.found["kind"]
        return _list(request, books.wanted(kind, request.query))

    def lines(request: Request) -> Reply:
        for invoice in books.objects["invoices"]:
            if invoice["id"] == request.found["id"]:
                return _list(request, _Found(invoice["lines"]["data"]))
        return _missing("invoice", request.found["id"])

    return [
        Route("GET", "/v1/account", _guarded(account)),
        Route(
            "GET",
            "/v1/(?P<kind>customers|subscriptions|invoices)",
            _guarded(listed),
        ),
        Route("GET", "/v1/invoices/(?P<id>in_[^/]+)/lines", _guarded(lines)),
    ]


ACCOUNT = "acct_1Brindlemoor0000"
FILTERS = ("created[gte]", "created[lt]", "status")


def error(
    status: int, kind: str, message: str, code: str | None = None, param: str = ""
) -> Reply:
    """Stripe's envelope."""
    body: Item = {"type": kind, "message": message}
    if code:
        body["code"] = code
    if param:
        body["param"] = param
    return Reply({"error": body}, status, {"Request-Id": "req_sandbox"})


def _guarded(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def guarded(request: Request) -> Reply:
        if request.token is None:
            said = "You did not provide an API key. Use the Authorization header."
            return error(401, "invalid_request_error", said)
        if request.token == "revoked":
            said = "Expired API Key provided: rk_live_***"
            return error(401, "invalid_request_error", said, "api_key_expired")
        version = request.headers.get("stripe-version")
        if version is not None and not _VERSION.fullmatch(version):
            said = f"Invalid Stripe API version: {version}"
            return error(400, "invalid_request_error", said)
        reply = answer(request)
        told = {"Request-Id": "req_sandbox", "Stripe-Version": version or "2024-06-20"}
        return Reply(reply.body, reply.status, {**told, **reply.headers})

    return guarded


def _missing(kind: str, told: str) -> Reply:
    said = f"No such {kind}: '{told}'"
    return error(404, "invalid_request_error", said, "resource_missing", "id")


class _Found:
    """Objects of one listing and where each stands, so that a page costs a page."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.place = {item["id"]: place for place, item in enumerate(items)}


def _list(request: Request, found: _Found) -> Reply:
    query = request.query
    limit = query.get("limit", "10")
    if not limit.isdigit() or not 1 <= int(limit) <= MOST:
        said = f"This value must be between 1 and {MOST} (inclusive)."
        return error(400, "invalid_request_error", said, "parameter_invalid", "limit")
    start = 0
    after = query.get("starting_after")
    if after is not None:
        if after not in found.place:
            said = f"No such object: '{after}'"
            return error(
                400, "invalid_request_error", said, "resource_missing", "starting_after"
            )
        start = found.place[after] + 1
    page = found.items[start : start + int(limit)]
    return Reply(
        {
            "object": "list",
            "url": request.path,
            "has_more": start + len(page) < len(found.items),
            "data": page,
        }
    )


def _wanted(item: Item, query: Mapping[str, str]) -> bool:
    made = item.get("created", 0)
    if made < int(query.get("created[gte]", made)):
        return False
    if made >= int(query.get("created[lt]", made + 1)):
        return False
    if item["object"] != "subscription":
        return True
    status = query.get("status")
    return status in ("all", item["status"]) or (
        status is None and item["status"] != "canceled"
    )


class _Books:
    """Objects by kind, newest first."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[tuple[str, ...], _Found] = {}

    def wanted(self, kind: str, query: Mapping[str, str]) -> _Found:
        """What a listing's filters leave, in its order; its pages share the work."""
        asked = (kind, *(query.get(name, "") for name in FILTERS))
        if asked not in self._found:
            every = self.objects[kind]
            self._found[asked] = _Found([o for o in every if _wanted(o, query)])
        return self._found[asked]

    @cached_property
    def objects(self) -> dict[str, list[Item]]:
        found = {
            "customers": self._customers(),
            "subscriptions": self._subscriptions(),
            "invoices": self._invoices(),
        }
        for items in found.values():
            items.sort(key=lambda item: (item["created"], item["id"]), reverse=True)
        return found

    def _customers(self) -> list[Item]:
        contacts = self._view.contacts
        email_of = dict(zip(contacts["contact_id"], contacts["email"], strict=True))
        return [
            {
                "id": row["customer_id"],
                "object": "customer",
                "created": row["started_at"] // 1_000,
                "currency": row["currency"].lower(),
                "delinquent": False,
                "email": email_of.get(row["contact_id"]),
                "livemode": True,
                "metadata": {},
            }
            for row in self._view.customers.rows()
        ]

    def _subscriptions(self) -> list[Item]:
        fee: dict[str, int] = {}
        for row in self._view.invoices.rows():
            fee[row["customer_id"]] = row["amount_cents"]
        return [
            _subscription(row, fee.get(row["customer_id"], 0))
            for row in self._view.customers.rows()
        ]

    def _invoices(self) -> list[Item]:
        invoices = self._view.invoices
        day = (invoices["billed_at"] - _start_ms(self._view)) / 86_400_000
        actor = [int(each.removeprefix("cus_")) for each in invoices["customer_id"]]
        luck = self._view.hash01("paid", actor, day.astype(int))
        is_open = (self._view.days - day) < PAYS_WITHIN_DAYS * luck
        return [
            _invoice(row, "open" if waits else "paid")
            for row, waits in zip(invoices.rows(), is_open.tolist(), strict=True)
        ]


def _start_ms(view: View) -> int:
    return int(datetime.combine(view.start, time(), UTC).timestamp()) * 1_000


def _number(customer_id: str) -> str:
    return customer_id.removeprefix("cus_")


def _subscription(row: Item, unit_amount: int) -> Item:
    started, ended = row["started_at"] // 1_000, row["churned_at"]
    is_over = ended >= 0
    name = f"sub_{_number(row['customer_id'])}"
    return {
        "id": name,
        "object": "subscription",
        "status": "canceled" if is_over else "active",
        "customer": row["customer_id"],
        "currency": row["currency"].lower(),
        "created": started,
        "start_date": started,
        "canceled_at": ended // 1_000 if is_over else None,
        "ended_at": ended // 1_000 if is_over else None,
        "cancel_at_period_end": False,
        "cancellation_details": {
            "comment": None,
            "feedback": None,
            "reason": "cancellation_requested" if is_over else None,
        },
        "items": {
            "object": "list",
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={name}",
            "data": [
                {
                    "id": f"si_{_number(row['customer_id'])}",
                    "object": "subscription_item",
                    "quantity": 1,
                    "price": {
                        "id": f"price_{row['plan']}",
                        "object": "price",
                        "currency": row["currency"].lower(),
                        "recurring": {"interval": "month", "interval_count": 1},
                        "unit_amount": unit_amount,
                        "unit_amount_decimal": str(unit_amount),
                    },
                }
            ],
        },
    }


def _invoice(row: Item, status: str) -> Item:
    made = row["billed_at"] // 1_000
    number, currency = _number(row["customer_id"]), row["currency"].lower()
    name = f"in_{number}_{made}"
    subscription = f"sub_{number}"
    line = {
        "id": f"il_{number}_{made}",
        "object": "line_item",
        "amount": row["amount_cents"],
        "currency": currency,
        "period": {"start": made, "end": made + MONTH_SECONDS},
        "parent": {
            "type": "subscription_item_details",
            "subscription_item_details": {
                "subscription": subscription,
                "proration": False,
            },
        },
    }
    return {
        "id": name,
        "object": "invoice",
        "customer": row["customer_id"],
        "created": made,
        "currency": currency,
        "status": status,
        "total": row["amount_cents"],
        "billing_reason": "subscription_cycle",
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"subscription": subscription},
        },
        # of the period before, as Stripe tells it: the service period is the line's
        "period_start": made,
        "period_end": made,
        "lines": {
            "object": "list",
            "has_more": False,
            "url": f"/v1/invoices/{name}/lines",
            "data": [line],
        },
    }
