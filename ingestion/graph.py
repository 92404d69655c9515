"""Meta's Graph API: one version, what its errors mean, and paging by cursor.

Not here: which edges and fields are asked (sources/<name>), report runs (meta_ads/insights.py).
Source: https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingestion.errors import AnswerUnreadable, TooMuchAsked
from ingestion.paging import Paging
from ingestion.source import Row
from ingestion.transport import Api, default_verdict

VERSION = "v26.0"
ROWS_PER_PAGE = 500
FEWEST_PER_PAGE = 25

_THROTTLED = {4, 17, 32, 613, *range(80000, 80015)}
_REFUSED = {3, 10, 102, 104, 190, *range(200, 300)}
_TRANSIENT = {1, 2}
_TOO_MUCH = {(100, 1487534)}
GONE = (100, 33)  # no such object, or none that this token may see


def verdict(status: int, body: object) -> str:
    """The code inside the envelope decides; the status is 400 for most of them."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return default_verdict(status, body)
    code, subcode = error.get("code"), error.get("error_subcode")
    if code in _THROTTLED:
        return "retry"
    if code in _REFUSED or (code, subcode) == GONE:
        return "refused"
    if (code, subcode) in _TOO_MUCH or "reduce the amount of data" in str(
        error.get("message", "")
    ):
        return "too_much"
    if code in _TRANSIENT or error.get("is_transient"):
        return "retry"
    return default_verdict(status if status >= 400 else 400, body)


def hint(headers: Mapping[str, str], body: object) -> float | None:
    """The longest of the waits in the usage header, which tells them in minutes."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
        told = [
            float(each.get("estimated_time_to_regain_access", 0))
            for entries in usage.values()
            for each in entries
        ]
    except (ValueError, AttributeError, TypeError):
        return None  # a header in another form says nothing
    return 60.0 * max(told, default=0.0) or None


def get(api: Api, path: str, params: Mapping[str, Any]) -> Any:
    """An answer of the version that was asked for.

    Raises: AnswerUnreadable when an expired version was silently replaced.
    """
    answer = api.get("graph", f"/{VERSION}/{path}", {**_encoded(params), **_proof(api)})
    return _of_our_version(api, answer)


def post(api: Api, path: str, params: Mapping[str, Any]) -> Any:
    """As `get`, with the parameters as a form."""
    form = {**_encoded(params), **_proof(api)}
    return _of_our_version(api, api.post_form("graph", f"/{VERSION}/{path}", form))


def pages(api: Api, path: str, params: Mapping[str, Any]) -> Iterator[Row]:
    """All rows of an edge. The end is a page without `next`; an empty page is not.

    Pages that are too heavy are asked for again with half the rows.
    """
    limit = ROWS_PER_PAGE
    after: str | None = None
    paging = Paging("Meta", path)
    while True:
        asked = {**params, "limit": limit} | ({"after": after} if after else {})
        try:
            page = get(api, path, asked)
        except TooMuchAsked:
            if limit <= FEWEST_PER_PAGE:
                raise
            limit = max(FEWEST_PER_PAGE, limit // 2)
            continue
        after = _next_cursor(page)
        paging.take(page["data"], after)
        yield from page["data"]
        if after is None:
            return


def _next_cursor(page: Row) -> str | None:
    """From the address of the next page; the page itself may have no rows."""
    following = page.get("paging", {}).get("next")
    if following is None:
        return None
    found = parse_qs(urlsplit(following).query).get("after")
    if not found:
        raise AnswerUnreadable(
            "Meta gave a next page without a cursor: run again later; what is known "
            "stays"
        )
    return str(found[-1])


def _encoded(params: Mapping[str, Any]) -> dict[str, Any]:
    """Lists and objects travel as JSON text."""
    return {
        name: json.dumps(value, separators=(",", ":"))
        if isinstance(value, dict | list | tuple)
        else value
        for name, value in params.items()
    }


def _proof(api: Api) -> dict[str, str]:
    """`appsecret_proof`, where the app demands it."""
    secret = api.optional("APP_SECRET")
    if secret is None:
        return {}
    made = hmac.new(secret.encode(), api.token().encode(), hashlib.sha256)
    return {"appsecret_proof": made.hexdigest()}


def _of_our_version(api: Api, answer: Any) -> Any:
    served = api.answer_headers.get("facebook-api-version", VERSION)
    if served != VERSION:
        raise AnswerUnreadable(
            f"Meta answered as {served}, asked was {VERSION}: that version has ended "
            "and fields may mean something else. Update Playhead, then run again"
        )
    return answer


def as_page(api: Api, page_token: str) -> Api:
    """The same way to Meta, asking as a page: insights of posts want its own token."""
    variable = api.spec.variable("ACCESS_TOKEN")
    credentials = {**api.settings.credentials, variable: page_token}
    settings = replace(api.settings, credentials=credentials)
    return Api(api.spec, settings, api.patience)


def insight_values(answer: Row) -> dict[str, Any]:
    """Metric -> lifetime value; one that has no data yet is absent, not 0."""
    return {
        entry["name"]: entry["values"][0].get("value")
        for entry in answer.get("data", ())
        if entry.get("period") == "lifetime" and entry.get("values")
    }
