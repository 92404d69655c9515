"""Search Console: what people searched, which page was shown, and what they clicked.

POST /webmasters/v3/sites/<property>/searchAnalytics/query: three grains that do not add
up to one another (README.md says why) and the appearances, for types WEB and VIDEO.
Not here: what counts as a brand query (intermediate); retries (transport).
Quota, day zone, restatement: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any
from urllib.parse import quote

from ingestion import google
from ingestion.paging import Paging
from ingestion.source import Ask, Batch, Row
from ingestion.sources.search_console import columns
from ingestion.spec import Columns, Setting, SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import Window

ROWS_PER_PAGE = 25_000
DAYS_PER_CALL = 31  # long ranges by page and query cost the most quota


def _daily(name: str, typed: Columns, *dimensions: str) -> Table:
    return Table(
        name,
        typed,
        grain=("account_id", "type", "date", *dimensions),
        replaced_by=("account_id", "date"),
        window_column="date",
    )


SPEC = SourceSpec(
    name="search_console",
    family="seo",
    title="Search Console",
    day_zone="America/Los_Angeles",
    lag_days=3,  # from here on the data state FINAL has the day
    lookback_days=7,
    tables=(
        _daily("by_date", columns.BY_DATE),
        _daily("by_page", columns.BY_PAGE, "page"),
        _daily("by_page_query", columns.BY_PAGE_QUERY, "page", "query"),
        _daily("by_appearance", columns.BY_APPEARANCE, "search_appearance"),
    ),
    settings=(
        *google.settings("webmasters.readonly", service_account=True),
        Setting(
            "PROPERTIES",
            "properties as Search Console spells them, by comma; without it all",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=google.consent("webmasters.readonly", service_account=True),
    hosts={"search": "https://searchconsole.googleapis.com"},
    verdict=google.verdict,
    hint=google.load_quota,
    requests_at_once=3,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The properties named by the setting, else all that the user is verified for."""
    named = api.optional("PROPERTIES")
    if named:
        return [part.strip() for part in named.split(",")]
    sites = api.get("search", "/webmasters/v3/sites").get("siteEntry", ())
    return [
        site["siteUrl"]
        for site in sites
        if site["permissionLevel"] != "SITE_UNVERIFIED_USER"
    ]


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the properties in `ask`."""
    daily = {
        table: _by(api, ask, table, dimensions)
        for table, dimensions in columns.DIMENSIONS.items()
    }
    return {**daily, "by_appearance": by_appearance(api, ask)}


def _by(api: Api, ask: Ask, table: str, dimensions: Sequence[str]) -> Iterator[Batch]:

    def of(asked: tuple[str, str, Window]) -> Batch:
        account, kind, piece = asked
        rows = _query(api, account, kind, piece, dimensions)
        return Batch(account, rows, f"{table} {kind}")

    pieces = product(ask.accounts, columns.TYPES, list(ask.window.split(DAYS_PER_CALL)))
    yield from api.each(of, pieces)


def by_appearance(api: Api, ask: Ask) -> Iterator[Batch]:
    """Appearances cannot be combined with days: list them, then ask for each by day."""
    for account in ask.accounts:
        for kind in columns.TYPES:
            values = _query(api, account, kind, ask.window, ["SEARCH_APPEARANCE"])
            for value in sorted(row["search_appearance"] for row in values):
                rows = _query(api, account, kind, ask.window, ["DATE"], only=value)
                for row in rows:
                    row["search_appearance"] = value
                yield Batch(account, rows, f"by_appearance {kind} {value}")


def _query(
    api: Api,
    account: str,
    kind: str,
    window: Window,
    dimensions: Sequence[str],
    *,
    only: str | None = None,
) -> list[Row]:
    """All rows of one question, paged by startRow until a short page."""
    if window.days == 0:
        return []
    body: dict[str, Any] = {
        "startDate": str(window.start),
        "endDate": str(window.last),
        "dimensions": list(dimensions),
        "type": kind,
        "dataState": "FINAL",
        "rowLimit": ROWS_PER_PAGE,
    }
    if only is not None:
        one = {"dimension": "SEARCH_APPEARANCE", "operator": "EQUALS"}
        body["dimensionFilterGroups"] = [{"filters": [{**one, "expression": only}]}]
    path = f"/webmasters/v3/sites/{quote(account, safe='')}/searchAnalytics/query"
    rows: list[Row] = []
    names = [name.lower() for name in dimensions]
    paging = Paging("Search Console", f"{kind} by {', '.join(dimensions)}")
    while True:
        answer = api.post("search", path, {**body, "startRow": len(rows)})
        page = answer.get("rows", ())
        paging.take(page)
        known = {"account_id": account, "type": kind}
        rows += [{**known, **_row(names, each)} for each in page]
        if len(page) < ROWS_PER_PAGE:
            return rows


def _row(names: Sequence[str], answered: Row) -> Row:
    """`keys` are positional, in the order asked."""
    keys = dict(zip(names, answered["keys"], strict=True))
    clicks, shown = answered["clicks"], answered["impressions"]
    ctr, position = answered.get("ctr"), answered.get("position")
    return {
        **keys,
        "clicks": clicks,
        "impressions": shown,
        "ctr": ctr,
        "position": position,
    }
