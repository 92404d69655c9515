"""GET /rest/adAnalytics: figures by day, of creatives and of the regions of members.

Without pages: an answer has a limit of elements, and one that reaches it is asked for again
by halves of its days. Source:
https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingestion import linkedin
from ingestion.errors import TooMuchAsked
from ingestion.source import Row
from ingestion.sources.linkedin_ads import columns
from ingestion.transport import Api
from ingestion.windows import Window

DAYS_PER_CALL = 92
MOST_ELEMENTS = 15_000  # an answer this long has lost rows

Figures = dict[tuple[str, date], Row]


@dataclass(frozen=True)
class _Pivot:
    """What rows are grouped by, and of which account or campaign."""

    by: str
    facet: str
    urn: str

    def query(self, window: Window, fields: Sequence[str]) -> dict[str, str]:
        return {
            "q": "analytics",
            "pivot": f"(value:{self.by})",
            "timeGranularity": "(value:DAILY)",
            "dateRange": linkedin.days(window.start, window.last),
            self.facet: linkedin.listed([self.urn]),
            "fields": ",".join((*columns.KEYS, *fields)),
        }


def by_creative(api: Api, account: str, window: Window) -> Figures:
    """(creative, day) -> every metric, merged from calls of twenty fields each.

    A call leaves out rows whose figures are all zero: what is missing there is 0.
    """
    pivot = _Pivot("CREATIVE", "accounts", f"urn:li:sponsoredAccount:{account}")
    merged: Figures = {}
    most = columns.FIELDS_PER_CALL - len(columns.KEYS)
    asked = list(columns.METRICS)
    for first in range(0, len(asked), most):
        some = asked[first : first + most]
        for key, told in _daily(api, pivot, window, some):
            row = merged.setdefault(key, {c: 0 for c, _ in columns.METRICS.values()})
            row |= {columns.METRICS[name][0]: told.get(name) for name in some}
    return merged


def by_region(api: Api, campaign: str, window: Window) -> Figures:
    """(geo, day) -> its metrics. A figure under three is not told: None, never 0."""
    pivot = _Pivot(
        "MEMBER_REGION_V2", "campaigns", f"urn:li:sponsoredCampaign:{campaign}"
    )
    return {
        key: {
            columns.METRICS[name][0]: told.get(name) for name in columns.REGION_METRICS
        }
        for key, told in _daily(api, pivot, window, columns.REGION_METRICS)
    }


def serving(api: Api, account: str, window: Window) -> list[str]:
    """The campaigns that were shown at all: the others need no calls of their own."""
    pivot = _Pivot("CAMPAIGN", "accounts", f"urn:li:sponsoredAccount:{account}")
    shown = _daily(api, pivot, window, ["impressions"])
    return sorted({campaign for (campaign, _), _ in shown})


def _daily(
    api: Api, pivot: _Pivot, window: Window, fields: Sequence[str]
) -> Iterator[tuple[tuple[str, date], Row]]:
    found = linkedin.get(api, "adAnalytics", pivot.query(window, fields))["elements"]
    if len(found) < MOST_ELEMENTS:
        for each in found:
            start = each["dateRange"]["start"]
            day = date(start["year"], start["month"], start["day"])
            yield (linkedin.number(each["pivotValues"][0]), day), each
        return
    if window.days == 1:
        raise TooMuchAsked(
            f"LinkedIn gave {len(found)} rows of {pivot.urn} for {window.start}: more "
            "than it tells in one answer. Report this: it must be split"
        )
    for half in window.split((window.days + 1) // 2):
        yield from _daily(api, pivot, half, fields)
