"""Google Ads: what every video ad did each day, where, and which conversions it claims.

POST /customers/<id>/googleAds:searchStream -> raw_google_ads, one table per report, typed,
in the API's own names. Not here: GAQL, streams and errors (gaql.py); units, channel names
(staging). Version, quota, day zone, restatement: README.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from ingestion import google
from ingestion.source import Ask, Batch, Row
from ingestion.sources.google_ads import columns, gaql
from ingestion.spec import TEXT, Columns, Setting, SourceSpec, Table
from ingestion.transport import Api

Clients = Mapping[str, Row]


def _daily(name: str, typed: Columns, *grain: str) -> Table:
    return Table(
        name,
        typed,
        grain=("account_id", *grain, "date"),
        replaced_by=("account_id", "date"),
        window_column="date",
    )


SPEC = SourceSpec(
    name="google_ads",
    family="paid",
    title="Google Ads",
    day_zone="account",
    lag_days=1,
    lookback_days=30,  # conversions are booked on the day of the click
    tables=(
        Table("customers", columns.typed(columns.CUSTOMER), grain=("account_id",)),
        _daily(
            "ad_video_daily", columns.typed(columns.AD_VIDEO_DAILY), "ad_id", "video_id"
        ),
        _daily(
            "ad_asset_daily", columns.typed(columns.AD_ASSET_DAILY), "ad_id", "asset_id"
        ),
        _daily(
            "ad_group_region_daily",
            {**columns.typed(columns.AD_GROUP_REGION_DAILY), "region_name": TEXT},
            "ad_group_id",
            "geo_target_region",
        ),
        _daily(
            "ad_conversions_daily",
            columns.typed(columns.AD_CONVERSIONS_DAILY, columns.CONVERSION_ACTION),
            "ad_id",
            "conversion_action",
            "conversion_attribution_event_type",
        ),
    ),
    settings=(
        *google.settings("adwords"),
        Setting("DEVELOPER_TOKEN", "of your manager account, API Center"),
        Setting(
            "LOGIN_CUSTOMER_ID",
            "the manager account, digits only; without it every account of the token",
            is_secret=False,
            is_required=False,
        ),
        Setting(
            "CUSTOMERS",
            "customer ids, by comma; without it all below the manager",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=google.consent("adwords"),
    hosts={"ads": "https://googleads.googleapis.com"},
    verdict=gaql.verdict,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The customers named by the setting, else all that run ads."""
    named = api.optional("CUSTOMERS")
    if named:
        return [_digits(part) for part in named.split(",")]
    return sorted(_clients(api))


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the customers in `ask`."""
    found = cache(lambda: _clients(api))
    return {
        "customers": customers(api, ask, found),
        "ad_video_daily": ad_video_daily(api, ask, found),
        "ad_asset_daily": ad_asset_daily(api, ask, found),
        "ad_group_region_daily": ad_group_region_daily(api, ask, found),
        "ad_conversions_daily": ad_conversions_daily(api, ask, found),
    }


def customers(api: Api, ask: Ask, clients: Callable[[], Clients]) -> Iterator[Batch]:
    for account in ask.accounts:
        row = {k: v for k, v in clients()[account].items() if k != "root"}
        yield Batch(account, [row], "customer_client")


def ad_video_daily(
    api: Api, ask: Ask, clients: Callable[[], Clients]
) -> Iterator[Batch]:
    for account in ask.accounts:
        root, fields = clients()[account]["root"], columns.AD_VIDEO_DAILY
        for rows in gaql.daily(api, root, account, "video", fields, ask.window):
            yield Batch(account, rows, "video")


def ad_asset_daily(
    api: Api, ask: Ask, clients: Callable[[], Clients]
) -> Iterator[Batch]:
    """The YouTube videos among the assets of an ad: some ads name them only there."""
    resource, fields = "ad_group_ad_asset_view", columns.AD_ASSET_DAILY
    videos = columns.VIDEO_ASSETS
    for account in ask.accounts:
        root = clients()[account]["root"]
        for rows in gaql.daily(
            api, root, account, resource, fields, ask.window, videos
        ):
            yield Batch(account, rows, resource)


def ad_group_region_daily(
    api: Api, ask: Ask, clients: Callable[[], Clients]
) -> Iterator[Batch]:
    """Places of the people who were shown the ad; names come from the list of places."""
    names: dict[str, str] = {}
    for account in ask.accounts:
        root, fields = clients()[account]["root"], columns.AD_GROUP_REGION_DAILY
        for rows in gaql.daily(
            api, root, account, "user_location_view", fields, ask.window
        ):
            new = {row["geo_target_region"] for row in rows} - {None, *names}
            if new:
                names |= _regions(api, root, account, sorted(new))
            for row in rows:
                row["geo_target_region"] = row["geo_target_region"] or "unknown"
                row["region_name"] = names.get(row["geo_target_region"])
            yield Batch(account, rows, "user_location_view")


def ad_conversions_daily(
    api: Api, ask: Ask, clients: Callable[[], Clients]
) -> Iterator[Batch]:
    """Conversions by action, with the window in which each action counts."""
    for account in ask.accounts:
        root = clients()[account]["root"]
        query = gaql.select(columns.CONVERSION_ACTION, "conversion_action")
        actions = {
            action["conversion_action"]: action
            for row in gaql.search(api, root, account, query)
            for action in [gaql.flat(columns.CONVERSION_ACTION, row)]
        }
        fields = columns.AD_CONVERSIONS_DAILY
        for rows in gaql.daily(api, root, account, "ad_group_ad", fields, ask.window):
            told = [
                {**row, **actions.get(row["conversion_action"], {})} for row in rows
            ]
            yield Batch(account, told, "ad_group_ad by conversion_action")


def _regions(
    api: Api, root: str, account: str, places: Sequence[str]
) -> dict[str, str]:
    listed = ", ".join(f"'{place}'" for place in places)
    where = f"geo_target_constant.resource_name IN ({listed})"
    query = gaql.select(columns.GEO_TARGET, "geo_target_constant", where)
    found = [
        gaql.flat(columns.GEO_TARGET, row)
        for row in gaql.search(api, root, account, query)
    ]
    return {row["geo_target_region"]: row["region_name"] for row in found}


def _clients(api: Api) -> dict[str, Row]:
    """Customers that run ads, each with the account that gives access to it."""
    manager = api.optional("LOGIN_CUSTOMER_ID")
    if manager:
        roots = [_digits(manager)]
    else:
        told = gaql.get(api, "customers:listAccessibleCustomers")
        roots = [name.rpartition("/")[2] for name in told.get("resourceNames", ())]
    found: dict[str, Row] = {}
    query = gaql.select(columns.CUSTOMER, "customer_client")
    for root in sorted(roots):
        for row in gaql.search(api, root, root, query):
            client = gaql.flat(columns.CUSTOMER, row)
            if not client["manager"] and client["status"] == "ENABLED":
                found.setdefault(client["account_id"], {**client, "root": root})
    return found


def _digits(account: str) -> str:
    return account.strip().replace("-", "")
