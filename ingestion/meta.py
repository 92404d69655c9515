"""How a person lets us into Meta's Graph API, for each of its sources.

No refresh tokens there: a token of an hour becomes one of sixty days, which becomes itself
again while it lives. A system user's token never ends and needs no consent.
Not here: paths, paging and errors (sources/<name>).
Source: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
"""

from ingestion.spec import Consent, Setting

VERSION = "v26.0"


def settings(scopes: str) -> tuple[Setting, ...]:
    """The variables of a token, and of the app whose page asks for consent."""
    return (
        Setting("ACCESS_TOKEN", f"a system user's token with {scopes}"),
        Setting(
            "APP_ID",
            "your app, where a person consents instead",
            is_secret=False,
            is_required=False,
        ),
        Setting(
            "APP_SECRET",
            "its secret; also where the app demands appsecret_proof",
            is_required=False,
        ),
    )


def consent(*scopes: str) -> Consent:
    """Facebook's login page; its app must have `http://localhost` as an allowed host."""
    return Consent(
        authorize_url=f"https://www.facebook.com/{VERSION}/dialog/oauth",
        token_url=f"https://graph.facebook.com/{VERSION}/oauth/access_token",
        scopes=scopes,
        pkce=False,
        scope_separator=",",
        client=("APP_ID", "APP_SECRET"),
        asked_by="query",
        loopback="localhost",
        prolongs="fb_exchange_token",
    )
