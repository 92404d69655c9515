"""How Typeform answers: forms, their fields, responses newest first with `before`.

Two forms: the NPS question that customers get twice a year, and the panel's trust question in
an exposed and a control cell. Not here: moods (world).
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.world.view import View

Item = dict[str, Any]
MOST_FORMS, MOST = 200, 1_000
USER = "01BRINDLEMOOR"
NPS, PANEL = "npsBm01", "liftBm02"
SCALE_ID, TRUST_ID = "qNps0001", "qTrust01"
FORMS: dict[str, Item] = {
    NPS: {
        "id": NPS,
        "title": "How are we doing?",
        "fields": [
            {
                "id": SCALE_ID,
                "ref": "nps",
                "type": "nps",
                "title": "How likely are you to recommend us?",
                "properties": {"steps": 11, "start_at_one": False},
            }
        ],
    },
    PANEL: {
        "id": PANEL,
        "title": "Brand panel",
        "fields": [
            {
                "id": "gPanel01",
                "ref": "panel",
                "type": "group",
                "title": "About planning software",
                "properties": {
                    "fields": [
                        {
                            "id": TRUST_ID,
                            "ref": "trust",
                            "type": "yes_no",
                            "title": "Would you trust Brindlemoor with your rosters?",
                            "properties": {},
                        }
                    ]
                },
            }
        ],
    },
}


def routes(view: View) -> list[Route]:
    """Everything the connector asks for."""
    fake = _Fake(view)
    form = "/forms/(?P<form>[^/]+)"
    return [
        Route("GET", "/me", _guarded(fake.me)),
        Route("GET", "/forms", _guarded(fake.forms)),
        Route("GET", form, _guarded(fake.form)),
        Route("GET", f"{form}/responses", _guarded(fake.responses)),
    ]


def error(status: int, code: str, message: str) -> Reply:
    """Typeform's envelope."""
    return Reply({"code": code, "description": message}, status)


def _guarded(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def guarded(request: Request) -> Reply:
        if request.token is None:
            return error(401, "UNAUTHORIZED", "Authentication credentials not found")
        if request.token == "revoked":
            return error(403, "AUTHENTICATION_FAILED", "The token is expired")
        return answer(request)

    return guarded


class _Fake:
    def __init__(self, view: View) -> None:
        self._view = view

    def me(self, request: Request) -> Reply:
        return Reply({"alias": "Brindlemoor", "language": "en", "user_id": USER})

    def forms(self, request: Request) -> Reply:
        size = request.query.get("page_size", "10")
        if not size.isdigit() or not 1 <= int(size) <= MOST_FORMS:
            return error(400, "VALIDATION_ERROR", f"page_size is at most {MOST_FORMS}")
        every = [{"id": each["id"], "title": each["title"]} for each in FORMS.values()]
        start = (int(request.query.get("page", "1")) - 1) * int(size)
        return Reply(
            {
                "total_items": len(every),
                "page_count": -(-len(every) // int(size)),
                "items": every[start : start + int(size)],
            }
        )

    def form(self, request: Request) -> Reply:
        found = FORMS.get(request.found["form"])
        return (
            Reply(found) if found else error(404, "FORM_NOT_FOUND", "Non existing form")
        )

    def responses(self, request: Request) -> Reply:
        query, every = request.query, self._responses.get(request.found["form"])
        if every is None:
            return error(404, "FORM_NOT_FOUND", "Non existing form")
        size = query.get("page_size", "25")
        if not size.isdigit() or not 1 <= int(size) <= MOST:
            return error(400, "VALIDATION_ERROR", f"page_size is at most {MOST}")
        if "before" in query and "after" in query:
            said = "before and after exclude one another"
            return error(400, "VALIDATION_ERROR", said)
        found = [
            item
            for item in every
            if query.get("since", "") <= item["submitted_at"]
            and item["submitted_at"] <= query.get("until", "9999")
        ]
        if "before" in query:
            tokens = [item["token"] for item in found]
            if query["before"] not in tokens:
                return error(400, "VALIDATION_ERROR", "before: unknown token")
            found = found[tokens.index(query["before"]) + 1 :]
        return Reply(
            {
                "total_items": len(found),
                "page_count": -(-len(found) // int(size)),
                "items": found[: int(size)],
            }
        )

    @cached_property
    def _responses(self) -> dict[str, list[Item]]:
        """Newest first."""
        found = {NPS: list(self._nps()), PANEL: list(self._panel())}
        for items in found.values():
            items.sort(
                key=lambda item: (item["submitted_at"], item["token"]), reverse=True
            )
        return found

    def _nps(self) -> Any:
        view = self._view
        email = dict(
            zip(view.contacts["contact_id"], view.contacts["email"], strict=True)
        )
        contact = dict(
            zip(
                view.customers["customer_id"], view.customers["contact_id"], strict=True
            )
        )
        for row in view.nps.rows():
            customer = row["customer_id"]
            when = datetime.fromtimestamp(row["answered_at"] // 1_000, UTC)
            answer = {"type": "number", "number": row["score"]}
            hidden = {"customer": customer, "email": email.get(contact.get(customer))}
            token = f"nps{customer}{when:%Y%m%d}"
            yield _response(token, when, hidden, SCALE_ID, "nps", "nps", answer)

    def _panel(self) -> Any:
        for row in self._view.panel.rows():
            day = self._view.start + timedelta(days=row["day"])
            when = datetime.combine(day, time(9), UTC) + timedelta(
                minutes=row["number"]
            )
            answer = {"type": "boolean", "boolean": row["trusts"]}
            hidden = {"cell": "exposed" if row["is_exposed"] else "control"}
            token = f"panel{day:%Y%m%d}n{row['number']}"
            yield _response(token, when, hidden, TRUST_ID, "trust", "yes_no", answer)


def _response(
    token: str,
    when: datetime,
    hidden: Item,
    field_id: str,
    ref: str,
    kind: str,
    answer: Item,
) -> Item:
    moment = when.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "token": token,
        "response_id": token,
        "landed_at": moment,
        "submitted_at": moment,
        "hidden": {key: value for key, value in hidden.items() if value is not None},
        "answers": [{"field": {"id": field_id, "ref": ref, "type": kind}, **answer}],
    }
