"""LinkedIn Ads: what every creative did each day, where, and which video it shows.

Marketing API -> raw_linkedin_ads, typed, in the API's own names. Not here: figures
(analytics.py); Rest.li spelling and errors (ingestion/linkedin.py); units, channel names
(staging). Version, limits, day zone, restatement: README.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from ingestion import linkedin
from ingestion.errors import AnswerUnreadable, CredentialRefused
from ingestion.source import Ask, Batch, Row
from ingestion.sources.linkedin_ads import analytics, columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api

PER_PAGE = {"adAccounts": 1000, "adCampaigns": 1000, "creatives": 100}

SPEC = SourceSpec(
    name="linkedin_ads",
    family="paid",
    title="LinkedIn Ads",
    day_zone="UTC",
    lag_days=1,
    lookback_days=30,  # conversions are booked on the day of the click
    tables=(
        Table("accounts", columns.ACCOUNTS, grain=("account_id",)),
        Table("creatives", columns.CREATIVES, grain=("account_id", "id")),
        Table(
            "ad_analytics_daily",
            columns.AD_ANALYTICS_DAILY,
            grain=("account_id", "creative_id", "date"),
            replaced_by=("account_id", "date"),
            window_column="date",
        ),
        Table(
            "campaign_region_daily",
            columns.CAMPAIGN_REGION_DAILY,
            grain=("account_id", "campaign_id", "geo_id", "date"),
            replaced_by=("account_id", "date"),
            window_column="date",
        ),
    ),
    settings=(
        Setting("ACCESS_TOKEN", "with r_ads and r_ads_reporting; sixty days"),
        Setting(
            "CLIENT_ID",
            "of your app, where a person consents instead",
            is_secret=False,
            is_required=False,
        ),
        Setting("CLIENT_SECRET", "its secret", is_required=False),
        Setting(
            "ACCOUNTS",
            "ad account numbers, by comma; without it all that the token sees",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=linkedin.consent("r_ads", "r_ads_reporting", "r_organization_social"),
    hosts={"linkedin": linkedin.HOST},
    headers=linkedin.HEADERS,
    verdict=linkedin.verdict,
    hint=linkedin.hint,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The accounts named by the setting, else all of the token."""
    named = api.optional("ACCOUNTS")
    if named:
        return [linkedin.number(part.strip()) for part in named.split(",")]
    return sorted(_accounts(api))


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the accounts in `ask`; lists are fetched once."""
    known = cache(lambda: _accounts(api))
    listed = cache(lambda account: _list(api, account, "creatives", "criteria"))
    return {
        "accounts": ad_accounts(ask, known),
        "creatives": creatives(api, ask, listed),
        "ad_analytics_daily": ad_analytics_daily(api, ask, known, listed),
        "campaign_region_daily": campaign_region_daily(api, ask, known),
    }


Known = Callable[[], Mapping[str, Row]]
Listed = Callable[[str], Sequence[Row]]


def ad_accounts(ask: Ask, known: Known) -> Iterator[Batch]:
    for account in ask.accounts:
        yield Batch(account, [_own(known(), account)], "adAccounts")


def creatives(api: Api, ask: Ask, listed: Listed) -> Iterator[Batch]:
    """Every creative, with the video of the post it shows."""
    for account in ask.accounts:
        found = listed(account)
        posts = {c.get("content", {}).get("reference") for c in found} - {None}
        videos = _videos(api, posts)
        rows = [
            {
                "account_id": account,
                "id": linkedin.number(each["id"]),
                "name": each.get("name"),
                "campaign_id": linkedin.number(each["campaign"]),
                "intended_status": each.get("intendedStatus"),
                "created_at": each.get("createdAt"),
                "reference": reference,
                "video": video.get("id"),
                "video_duration": video.get("duration"),
                "content_landing_page": each.get("contentLandingPage"),
            }
            for each in found
            for reference in [each.get("content", {}).get("reference")]
            for video in [videos.get(reference, {})]
        ]
        yield Batch(account, rows, "creatives")


def ad_analytics_daily(
    api: Api, ask: Ask, known: Known, listed: Listed
) -> Iterator[Batch]:
    """Figures by creative and day, with the campaign that the creative belongs to."""
    for account in ask.accounts:
        currency = _own(known(), account)["currency"]
        names = {
            linkedin.number(str(each["id"])): each.get("name")
            for each in _list(api, account, "adCampaigns", "search")
        }
        of = {
            linkedin.number(c["id"]): linkedin.number(c["campaign"])
            for c in listed(account)
        }
        for piece in ask.window.split(analytics.DAYS_PER_CALL):
            rows = [
                {
                    "account_id": account,
                    "creative_id": creative,
                    "date": day,
                    "currency": currency,
                    "campaign_id": of.get(creative),
                    "campaign_name": names.get(of.get(creative, "")),
                    **told,
                }
                for (creative, day), told in analytics.by_creative(
                    api, account, piece
                ).items()
            ]
            yield Batch(account, rows, "adAnalytics")


def campaign_region_daily(api: Api, ask: Ask, known: Known) -> Iterator[Batch]:
    """Figures by campaign, day and region of the members who saw it."""
    for account in ask.accounts:
        currency = _own(known(), account)["currency"]
        for piece in ask.window.split(analytics.DAYS_PER_CALL):
            rows = [
                {
                    "account_id": account,
                    "campaign_id": campaign,
                    "geo_id": geo,
                    "date": day,
                    "currency": currency,
                    **told,
                }
                for campaign in analytics.serving(api, account, piece)
                for (geo, day), told in analytics.by_region(
                    api, campaign, piece
                ).items()
            ]
            names = _places(api, {row["geo_id"] for row in rows})
            for row in rows:
                row["geo_name"] = names.get(row["geo_id"])
            yield Batch(account, rows, "adAnalytics")


def _videos(api: Api, posts: set[str]) -> dict[str, Row]:
    """Post -> its video; none of them where the token may not see the page's posts."""
    try:
        found = linkedin.batch(api, "posts", posts)
        media = {
            post: told.get("content", {}).get("media", {}).get("id", "")
            for post, told in found.items()
        }
        videos = {m for m in media.values() if m.startswith("urn:li:video:")}
        about = linkedin.batch(api, "videos", videos)
    except CredentialRefused:
        return {}  # the ads stay, without a video: shown as not matched
    return {
        post: {**about.get(video, {}), "id": video}
        for post, video in media.items()
        if video in videos
    }


def _places(api: Api, geos: set[str]) -> dict[str, str]:
    """Geo -> its English name; none of them where the token may not ask for names."""
    try:
        found = linkedin.batch(api, "geo", geos, root="v2")
    except CredentialRefused:
        return {}  # the number stays
    return {
        geo: told["defaultLocalizedName"]["value"]
        for geo, told in found.items()
        if "defaultLocalizedName" in told
    }


def _accounts(api: Api) -> dict[str, Row]:
    found = _pages(api, "adAccounts", {"q": "search"}, PER_PAGE["adAccounts"])
    return {
        linkedin.number(str(each["id"])): {
            "account_id": linkedin.number(str(each["id"])),
            "name": each.get("name"),
            "currency": each.get("currency"),
            "status": each.get("status"),
        }
        for each in found
    }


def _own(known: Mapping[str, Row], account: str) -> Row:
    """An empty report would look the same: an account that is not ours must fail."""
    if account not in known:
        raise CredentialRefused(
            f"LinkedIn shows this token no ad account {account}: give its member a role "
            f"there, or take it out of {SPEC.variable('ACCOUNTS')}"
        )
    return known[account]


def _list(api: Api, account: str, what: str, finder: str) -> list[Row]:
    path = f"adAccounts/{account}/{what}"
    return list(_pages(api, path, {"q": finder}, PER_PAGE[what]))


def _pages(api: Api, path: str, query: Mapping[str, str], size: int) -> Iterator[Row]:
    """All elements of a list, by the token of the next page."""
    token: str | None = None
    seen: set[str] = set()
    while True:
        turn = {"pageToken": linkedin.urn(token)} if token else {}
        page = linkedin.get(api, path, {**query, "pageSize": str(size), **turn})
        yield from page["elements"]
        token = page.get("metadata", {}).get("nextPageToken")
        if not token:
            return
        if token in seen:
            raise AnswerUnreadable(
                f"LinkedIn named page {token!r} of {path} twice: the list would never "
                "end. Run again later; what is known stays"
            )
        seen.add(token)
