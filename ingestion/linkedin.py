"""What LinkedIn's APIs share: two version headers, Rest.li spelling, and how they say no.

Not here: a single API's paths and fields (sources/<name>).
Source: https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling and
/protocol-version
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from ingestion.source import Row
from ingestion.spec import Consent
from ingestion.transport import Api, default_verdict

HOST = "https://api.linkedin.com"
VERSION = "202610"  # each is answered for about a year
HEADERS = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
SECONDS_OF_A_BURST = 330.0  # 45 million values in five minutes: wait these out
_BURST = "45 million metric values"


def consent(*scopes: str) -> Consent:
    """LinkedIn's page. A refresh token comes for approved partners only."""
    return Consent(
        authorize_url="https://www.linkedin.com/oauth/v2/authorization",
        token_url="https://www.linkedin.com/oauth/v2/accessToken",
        scopes=scopes,
        pkce=False,
        loopback="localhost",
    )


def verdict(status: int, body: object) -> str:
    """429 means slow down or, with a limit of a day, come back tomorrow."""
    if status == 429 and isinstance(body, Mapping):
        said = str(body.get("message", ""))
        return "quota" if " DAY " in said else "retry"
    return default_verdict(status, body)


def hint(headers: Mapping[str, str], body: object) -> float | None:
    """The wait that only the text of a throttle tells."""
    said = str(body.get("message", "")) if isinstance(body, Mapping) else ""
    return SECONDS_OF_A_BURST if _BURST in said else None


def urn(text: str) -> str:
    """A URN inside a Rest.li structure: its colons are encoded, the structure's are not."""
    return quote(text, safe="")


def listed(urns: Iterable[str]) -> str:
    return f"List({','.join(urn(each) for each in urns)})"


def days(first: date, last: date) -> str:
    """Both ends inclusive."""
    told = (f"(year:{d.year},month:{d.month},day:{d.day})" for d in (first, last))
    return "(start:{},end:{})".format(*told)


def number(told: object) -> str:
    """The number of an account, campaign or place, told with its URN or without."""
    return str(told).rpartition(":")[2]


def get(api: Api, path: str, query: Mapping[str, str], root: str = "rest") -> Any:
    """An answer; `query` is spelled already, since Rest.li's brackets must stay as they are."""
    spelled = "&".join(f"{name}={value}" for name, value in query.items())
    return api.follow(f"{api.host('linkedin')}/{root}/{path}?{spelled}")


def batch(
    api: Api, path: str, ids: Iterable[str], most: int = 50, root: str = "rest"
) -> dict[str, Row]:
    """Entities by URN or number; those that are gone, or not ours to see, are missing."""
    asked, found = sorted(set(ids)), {}
    for first in range(0, len(asked), most):
        some = listed(asked[first : first + most])
        answer = get(api, path, {"ids": some}, root)
        found.update(answer.get("results", {}))
    return found
