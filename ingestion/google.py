"""What all of Google's APIs share: how they say no, and how a person lets us in.

Not here: a single API's paths and paging (sources/<name>), the token exchange
(access.py).
Source: https://developers.google.com/webmaster-tools/limits and the APIs' error pages.
"""

from collections.abc import Mapping

from ingestion.spec import Consent, Setting
from ingestion.transport import default_verdict

OAUTH_HOST = "https://oauth2.googleapis.com"
SCOPES = "https://www.googleapis.com/auth/"
_QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
_SLOW_DOWN = {"rateLimitExceeded", "userRateLimitExceeded"}


def settings(scopes: str, *, service_account: bool = False) -> tuple[Setting, ...]:
    """The variables of an OAuth client with consent for `scopes`.

    `service_account`: the API takes a service account as well.
    """
    client = (
        Setting("CLIENT_ID", "OAuth client of your Google Cloud project", False),
        Setting("CLIENT_SECRET", "its secret"),
        Setting("REFRESH_TOKEN", f"scopes {scopes}"),
    )
    key = Setting(
        "SERVICE_ACCOUNT",
        "instead of these three: a service account's JSON key, or the path of one",
        is_required=False,
    )
    return (*client, key) if service_account else client


def consent(*scopes: str, service_account: bool = False) -> Consent:
    """Google's own page; `scopes` as short as `youtube.readonly`.

    `prompt=consent` because a second consent gives no refresh token without it.
    """
    full = tuple(SCOPES + scope for scope in scopes)
    return Consent(
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url=OAUTH_HOST + "/token",
        scopes=full,
        parameters={"access_type": "offline", "prompt": "consent"},
        service_account=full if service_account else (),
    )


def load_quota(headers: Mapping[str, str], body: object) -> float | None:
    """Search Console's load quota is counted in pieces of ten minutes: wait them out.

    Where it is still used up after that, it is the day's.
    """
    return 900.0 if _reasons(body) & _QUOTA else None


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
