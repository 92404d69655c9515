"""Envelopes of the sandbox's Graph API: versions, tokens, errors, pages by cursor.

Not here: what is inside them (each source's fake).
"""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from ingestion.sandbox.http import Reply, Request
from ingestion.world.view import View

NEWEST, OLDEST_LIVE = 26, 23  # older versions are answered as the oldest, silently
MOST_PER_PAGE = 1000


class GraphError(Exception):
    """An error envelope on its way out."""

    def __init__(
        self, code: int, says: str, *, subcode: int | None = None, status: int = 400
    ) -> None:
        error: dict[str, Any] = {
            "message": says,
            "type": "OAuthException",
            "code": code,
        }
        if subcode is not None:
            error["error_subcode"] = subcode
        self.reply = Reply(
            {"error": {**error, "fbtrace_id": "AsandboxTraceId0"}}, status
        )


def answered(handler: Callable[[Request], Any]) -> Callable[[Request], Reply]:
    """Token, version and envelope, the same for every path."""

    def answer(request: Request) -> Reply:
        version = min(
            NEWEST, max(OLDEST_LIVE, int(request.found.get("version", NEWEST)))
        )
        usage = [{"type": "ads_insights", "call_count": 1, "total_time": 1}]
        usage[0]["estimated_time_to_regain_access"] = 0
        headers = {
            "facebook-api-version": f"v{version}.0",
            "x-business-use-case-usage": json.dumps({"sandbox": usage}),
        }
        try:
            _check_token(request)
            if int(request.found.get("version", NEWEST)) > NEWEST:
                unknown_path(request)
            reply = Reply(handler(request))
        except GraphError as error:
            reply = error.reply
        return Reply(reply.body, reply.status, headers)

    return answer


def _check_token(request: Request) -> None:
    if not request.token:
        says = "An access token is required to request this resource."
        raise GraphError(104, says)
    if request.token == "revoked":
        says = "Error validating access token: the user has not authorized application."
        raise GraphError(190, says, subcode=458)


def unknown_path(request: Request) -> Any:
    raise GraphError(2500, f"Unknown path components: {request.path}")


def gone(name: str) -> GraphError:
    says = f"Unsupported get request. Object with ID '{name}' does not exist, cannot "
    says += "be loaded due to missing permissions, or does not support this operation."
    return GraphError(100, says, subcode=33)


def page(
    request: Request, count: int, rows: Callable[[int, int], Sequence[Any]]
) -> Any:
    """One page by cursor; `next` is absent on the last one."""
    limit = int(request.query.get("limit", 25))
    if limit > MOST_PER_PAGE:
        says = "Please reduce the amount of data you're asking for, then retry your "
        raise GraphError(1, says + "request", status=500)
    after = request.query.get("after")
    start = int(base64.urlsafe_b64decode(after)) if after else 0
    end = min(start + limit, count)
    answer: dict[str, Any] = {"data": list(rows(start, end))}
    if count:
        cursors = {"before": _cursor(start), "after": _cursor(end)}
        answer["paging"] = {"cursors": cursors}
    if end < count:
        asked = urlencode({**request.query, "after": _cursor(end)})
        answer["paging"]["next"] = f"{request.base_url}{request.path}?{asked}"
    return answer


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode()


def pages_of_token(view: View) -> Callable[[Request], Any]:
    """`me/accounts`: the company's page, its token, and the Instagram account behind it."""

    def answer(request: Request) -> Any:
        company = view.company
        known = {
            "id": company.facebook_page_id,
            "name": company.name,
            "access_token": page_token(company.facebook_page_id),
            "instagram_business_account": {"id": company.instagram_user_id},
        }
        asked = request.query.get("fields", "id,name,access_token").split(",")
        row = {name: known[name] for name in asked if name in known}
        return page(request, 1, lambda first, end: [row][first:end])

    return answer


def page_token(page_id: str) -> str:
    return f"page-token-{page_id}"


def of_page(request: Request, page_id: str) -> None:
    """Raises: GraphError unless the page itself asks."""
    if request.token != page_token(page_id):
        says = "This method must be called with a Page Access Token"
        raise GraphError(190, says, subcode=2069032)


def metrics_of(request: Request) -> list[str]:
    """What `metric` asks for: names by comma, or a JSON list as Meta's SDK writes it."""
    asked = request.query.get("metric", "")
    names: list[str] = json.loads(asked) if asked.startswith("[") else asked.split(",")
    return [name for name in names if name]
