"""What all of Google's APIs share: how they say no, and the OAuth client that asks.

Not here: a single API's paths and paging (sources/<name>), the token exchange
(transport).
Source: https://developers.google.com/webmaster-tools/limits and the APIs' error pages.
"""

from ingestion.spec import Setting
from ingestion.transport import default_verdict

OAUTH_HOST = "https://oauth2.googleapis.com"
_QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
_SLOW_DOWN = {"rateLimitExceeded", "userRateLimitExceeded"}


def settings(scopes: str) -> tuple[Setting, ...]:
    """The variables of an OAuth client with consent for `scopes`."""
    return (
        Setting("CLIENT_ID", "OAuth client of your Google Cloud project", False),
        Setting("CLIENT_SECRET", "its secret"),
        Setting("REFRESH_TOKEN", f"scopes {scopes}"),
    )


def verdict(status: int, body: object) -> str:
    """403 means three things on Google: refused, slow down, or quota used up."""
    reasons = _reasons(body)
    if reasons & _QUOTA:
        return "quota"
    if reasons & _SLOW_DOWN:
        return "retry"
    return default_verdict(status, body)


def _reasons(body: object) -> set[str]:
    error = body.get("error") if isinstance(body, dict) else None
    listed = error.get("errors", ()) if isinstance(error, dict) else ()
    return {each.get("reason", "") for each in listed}
