"""Search Console's export of the performance report: one file a tab.

Only the days are totals. Queries (some are hidden), pages (one search can show several)
and appearances (they overlap) are coverage: kept apart, never added to the days.
Filters.csv has no figures and tells its neighbours which kind of search they are of.
"""

from collections.abc import Mapping

from ingestion.errors import ExportUnreadable
from ingestion.exports.body import Body
from ingestion.exports.shapes import Cell, Form, Metric, Rows, Totals

METRICS = (Metric("clicks", "clicks"), Metric("impressions", "impressions"))
_RATES = ("ctr", "position")
_NOT_A_PART = {"search type", "date"}

# report -> heading of its first column, English interface
TABS = {
    "queries": "top queries|query",
    "pages": "top pages|page",
    "countries": "country",
    "devices": "device",
    "appearances": "search appearance",
}


def search_type(body: Body) -> Mapping[str, str]:
    """{"type": "web"} or "video", from Filters.csv.

    Raises: ExportUnreadable where the export shows a part of the property only.
    """
    told = {}
    for number, (name, value) in zip(body.numbers, body.lines, strict=True):
        if name.strip().casefold() not in _NOT_A_PART:
            raise ExportUnreadable(
                body.name,
                row=number,
                value=f"{name}: {value}",
                why="is a filter: this export shows a part of the property",
                remedy="export without filters, or leave this export out",
            )
        if name.strip().casefold() == "search type":
            told = {"type": value.strip().casefold(), "TYPE": value.strip().upper()}
    return told


def _tab(report: str, heading: str) -> Form:
    return Form(
        f"Search Console export, {report}",
        "search_console",
        (heading, *(metric.heading for metric in METRICS)),
        (Totals("{type}_" + report, {report: heading}, METRICS),),
        _RATES,
    )


FORMS = (
    Form(
        "Search Console export, days",
        "search_console",
        ("date", "clicks", "impressions"),
        (
            Rows(
                "by_date",
                {
                    "type": Cell(told="TYPE", value="WEB"),
                    "date": Cell("date"),
                    "clicks": Cell("clicks"),
                    "impressions": Cell("impressions"),
                    "ctr": Cell("ctr"),
                    "position": Cell("position"),
                },
                days=("date",),
            ),
        ),
        _RATES,
    ),
    *(_tab(report, heading) for report, heading in TABS.items()),
    Form(
        "Search Console export, filters",
        "search_console",
        ("filter", "value"),
        also=(),
        tells=search_type,
    ),
)
