"""Reviews: the stars that customers gave in public, from Trustpilot or from files.

GET /v1/business-units/<id>/reviews -> raw_reviews.reviews, whole: edits and deletions show
nowhere else. Not here: scores of a month (dbt does). Version, quirks: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence

from ingestion.errors import AnswerUnreadable
from ingestion.source import Ask, Batch, Row
from ingestion.sources.reviews import columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api

LIMIT = 100
SCALE = 5

SPEC = SourceSpec(
    name="reviews",
    family="journey",
    title="Reviews",
    day_zone="UTC",
    lag_days=0,
    lookback_days=0,  # the list is read anew
    tables=(Table("reviews", columns.REVIEWS, grain=("account_id", "id")),),
    settings=(
        Setting("ACCESS_TOKEN", "API key of a Trustpilot application"),
        Setting("DOMAIN", "the domain that is reviewed, such as brand.com", False),
    ),
    hosts={"api": "https://api.trustpilot.com"},
    token_header="apikey",
)


def accounts(api: Api) -> Sequence[str]:
    """The business unit of the domain."""
    asked = {"name": api.setting("DOMAIN")}
    return (str(api.get("api", "/v1/business-units/find", asked)["id"]),)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """Every review, a page at a time."""
    return {
        "reviews": (
            Batch(account, [_row(account, item) for item in page], f"page {number}")
            for account in ask.accounts
            for number, page in enumerate(_pages(api, account), 1)
        )
    }


def _row(account: str, item: Row) -> Row:
    return {
        "account_id": account,
        "id": item["id"],
        "created_at": item["createdAt"],
        "updated_at": item.get("updatedAt"),
        "stars": item["stars"],
        "scale_max": SCALE,
        "language": item.get("language"),
        "is_verified": item.get("isVerified"),
        "has_reply": item.get("companyReply") is not None,
        "text_length": len(item.get("text") or ""),
    }


def _pages(api: Api, unit: str) -> Iterator[list[Row]]:
    """Newest first, until a page is not full.

    Source: https://developers.trustpilot.com/business-units-api-(public)
    """
    number, last = 1, None
    while True:
        asked = {"perPage": LIMIT, "page": number, "orderBy": "createdat.desc"}
        page = api.get("api", f"/v1/business-units/{unit}/reviews", asked)["reviews"]
        if page and page[-1]["id"] == last:
            raise AnswerUnreadable(
                f"Trustpilot gave page {number} twice: the list would never end. "
                "Run again later; the known rows stay"
            )
        yield page
        if len(page) < LIMIT:
            return
        number, last = number + 1, page[-1]["id"]
