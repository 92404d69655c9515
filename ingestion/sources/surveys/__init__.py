"""Surveys: what customers and panels answered, from Typeform or from files.

GET /forms, /forms/<id> -> questions; GET /forms/<id>/responses -> one row per answer of the
window. Not here: what an answer counts for (NPS, lift: dbt does). Version, quirks: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from ingestion.errors import AnswerUnreadable
from ingestion.privacy import known_email
from ingestion.source import Ask, Batch, Row
from ingestion.sources.surveys import columns
from ingestion.spec import Consent, Setting, SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import Window

FORMS_LIMIT, RESPONSES_LIMIT = 200, 1_000
# Groups are no questions; what they hold is.
GROUPS = frozenset({"group", "inline_group", "matrix"})

SPEC = SourceSpec(
    name="surveys",
    family="journey",
    title="Surveys",
    day_zone="UTC",
    lag_days=0,
    lookback_days=3,  # answers may be missing for minutes, and are taken back
    history_days=1_100,
    tables=(
        Table("questions", columns.QUESTIONS, grain=("account_id", "form_id", "id")),
        Table(
            "answers",
            columns.ANSWERS,
            grain=("account_id", "response_id", "question_id"),
            replaced_by=("account_id", "submitted_date"),
            window_column="submitted_date",
        ),
    ),
    settings=(
        Setting(
            "ACCESS_TOKEN",
            "Typeform personal token; scopes accounts:read, forms:read, responses:read",
        ),
        Setting(
            "CLIENT_ID", "your Typeform app, where a person consents", False, False
        ),
        Setting("CLIENT_SECRET", "its secret", is_required=False),
        Setting("REFRESH_TOKEN", "of that consent", is_required=False),
    ),
    consent=Consent(
        authorize_url="https://api.typeform.com/oauth/authorize",
        token_url="https://api.typeform.com/oauth/token",
        scopes=("accounts:read", "forms:read", "responses:read", "offline"),
        pkce=False,
        rotates=True,
    ),
    hosts={"api": "https://api.typeform.com"},
)


def accounts(api: Api) -> Sequence[str]:
    """The user of the token."""
    return (str(api.get("api", "/me")["user_id"]),)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """Questions of every form, and the answers of the window."""

    @cache
    def forms() -> list[str]:
        return [str(form["id"]) for form in _forms(api)]

    def questions() -> Iterator[Batch]:
        for account in ask.accounts:  # one token, one user
            for form in forms():
                told = api.get("api", f"/forms/{form}")
                rows = [{"account_id": account, **row} for row in _questions(told)]
                yield Batch(account, rows, f"form {form}")

    def answers() -> Iterator[Batch]:
        for account in ask.accounts:
            for form in forms():
                for page in _responses(api, form, ask.window):
                    rows = [
                        {"account_id": account, "form_id": form, **row}
                        for response in page
                        for row in _answers(response, ask.window)
                    ]
                    yield Batch(account, rows, f"responses of {form}")

    return {"questions": questions(), "answers": answers()}


def _forms(api: Api) -> Iterator[Row]:
    number = 1
    while True:
        asked = {"page": number, "page_size": FORMS_LIMIT}
        page = api.get("api", "/forms", asked)
        yield from page["items"]
        if number >= page["page_count"] or not page["items"]:
            return
        number += 1


def _questions(form: Row) -> Iterator[Row]:
    waiting: list[Any] = list(form.get("fields", ()))
    while waiting:
        field = waiting.pop(0)
        properties = field.get("properties", {})
        if field["type"] in GROUPS:
            waiting[:0] = properties.get("fields", ())
            continue
        yield {
            "id": field["id"],
            "form_id": form["id"],
            "form_title": form.get("title"),
            "ref": field.get("ref"),
            "type": field["type"],
            "title": field.get("title"),
            "steps": properties.get("steps"),
            "starts_at_one": properties.get("start_at_one"),
        }


def _responses(api: Api, form: str, window: Window) -> Iterator[list[Row]]:
    """Completed responses, newest first; the next page lies before the last token.

    Source: https://www.typeform.com/developers/responses/
    """
    asked: dict[str, Any] = {
        "page_size": RESPONSES_LIMIT,
        "completed": "true",
        "since": f"{window.start}T00:00:00Z",
        "until": f"{window.end}T00:00:00Z",
    }
    seen: set[str] = set()
    while True:
        items = api.get("api", f"/forms/{form}/responses", asked)["items"]
        yield items
        if len(items) < RESPONSES_LIMIT:
            return
        last = str(items[-1]["token"])
        if last in seen:
            raise AnswerUnreadable(
                f"Typeform ended two pages of {form} with {last!r}: the list would never "
                "end. Run again later; the known rows stay"
            )
        seen.add(last)
        asked["before"] = last


def _answers(response: Row, window: Window) -> Iterator[Row]:
    """One row per answer; `until` is inclusive there, our window's end is not."""
    day = date.fromisoformat(response["submitted_at"][:10])
    if day not in window:
        return
    hidden = response.get("hidden") or {}
    for answer in response.get("answers") or ():
        yield {
            "response_id": response["token"],
            "question_id": answer["field"]["id"],
            "question_ref": answer["field"].get("ref"),
            "question_type": answer["field"].get("type"),
            "submitted_date": day,
            "submitted_at": response["submitted_at"],
            "number": answer.get("number"),
            "boolean": answer.get("boolean"),
            "choice": (answer.get("choice") or {}).get("label"),
            "email_sha256": known_email(hidden.get("email") or answer.get("email")),
            "subject_ref": hidden.get("customer"),
            "cell": hidden.get("cell"),
        }
