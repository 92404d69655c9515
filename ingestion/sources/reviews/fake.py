"""How Trustpilot answers: the unit of a domain and its reviews, newest first, by page.

Not here: how many stars (world).
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.world.view import View

Item = dict[str, Any]
MOST = 100
UNIT = "5f0c1e7d0000640001brindl"
VERIFIED = 0.8  # share of reviews


def routes(view: View) -> list[Route]:
    """Everything the connector asks for."""
    fake = _Fake(view)
    return [
        Route("GET", "/v1/business-units/find", _guarded(fake.find)),
        Route(
            "GET",
            "/v1/business-units/(?P<unit>[^/]+)/reviews",
            _guarded(fake.reviews),
        ),
    ]


def error(status: int, message: str) -> Reply:
    """Trustpilot's envelope."""
    return Reply({"message": message, "errorCode": status * 10 + 1}, status)


def _guarded(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def guarded(request: Request) -> Reply:
        key = request.headers.get("apikey") or request.query.get("apikey")
        if key is None:
            return error(403, "Missing API key")
        if key == "revoked":
            return error(401, "Invalid ApiKey")
        return answer(request)

    return guarded


class _Fake:
    def __init__(self, view: View) -> None:
        self._view = view

    def find(self, request: Request) -> Reply:
        every = self._reviews
        if "name" not in request.query:
            return error(400, "name is required")
        return Reply(
            {
                "id": UNIT,
                "displayName": self._view.company.name,
                "name": {"identifying": self._view.company.domain},
                "numberOfReviews": {"total": len(every)},
                "score": {"stars": 4.5, "trustScore": 4.6},
            }
        )

    def reviews(self, request: Request) -> Reply:
        if request.found["unit"] != UNIT:
            return error(404, "Business unit not found")
        size, page = (
            request.query.get(name, given)
            for name, given in (("perPage", "20"), ("page", "1"))
        )
        if not size.isdigit() or not 1 <= int(size) <= MOST:
            return error(400, f"perPage must be between 1 and {MOST}")
        if not page.isdigit() or int(page) < 1:
            return error(400, "page must be a number from 1")
        start = (int(page) - 1) * int(size)
        found = self._reviews[start : start + int(size)]
        return Reply({"links": [], "reviews": found})

    @cached_property
    def _reviews(self) -> list[Item]:
        """Newest first."""
        view, reviews = self._view, self._view.reviews
        luck = view.hash01("verified", reviews["day"], reviews["number"])
        found = []
        for row, drawn in zip(reviews.rows(), luck.tolist(), strict=True):
            day = view.start + timedelta(days=row["day"])
            when = datetime.combine(day, time(12), UTC)
            when += timedelta(minutes=row["number"])
            found.append(
                {
                    "id": f"{day:%Y%m%d}{row['number']:04d}",
                    "createdAt": when.isoformat(timespec="seconds").replace(
                        "+00:00", "Z"
                    ),
                    "updatedAt": None,
                    "stars": row["stars"],
                    "title": "",
                    "text": "",
                    "language": "en",
                    "isVerified": drawn < VERIFIED,
                    "companyReply": None,
                    "consumer": {"displayName": "A customer"},
                }
            )
        return sorted(found, key=lambda item: str(item["id"]), reverse=True)
