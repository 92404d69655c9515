"""GA4: sessions by landing page and source, by channel group, and events, day by day.

POST /v1beta/properties/<id>:runReport -> raw_ga4, typed. An answer says of itself when rows
were withheld, estimated or folded into "(other)": that is kept with every row. Not here:
what a session is to us (staging); retries (transport).
Quota, day zone, restatement: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingestion import google
from ingestion.errors import AnswerUnreadable, RequestRefused
from ingestion.paging import Paging
from ingestion.source import Ask, Batch, Row
from ingestion.sources.ga4 import columns
from ingestion.sources.ga4.columns import Report
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api, default_verdict
from ingestion.windows import Window

ROWS_PER_PAGE = 100_000
NOT_SET = "(not set)"
DAYS_PER_CALL = 92  # long ranges by many dimensions cost the most tokens


def verdict(status: int, body: object) -> str:
    """429 is the property's tokens of the hour or day, unless too much ran at once."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if status == 429 and isinstance(error, Mapping):
        at_once = "concurrent" in str(error.get("message", "")).lower()
        return "retry" if at_once else "quota"
    return default_verdict(status, body)


SPEC = SourceSpec(
    name="ga4",
    family="seo",
    title="Google Analytics 4",
    day_zone="account",
    lag_days=1,
    lookback_days=14,  # key events are credited anew for so long; traffic for four
    tables=tuple(
        Table(
            name,
            columns.typed(report),
            grain=("account_id", *report.dimensions.values()),
            replaced_by=("account_id", "date"),
            window_column="date",
        )
        for name, report in columns.REPORTS.items()
    ),
    settings=(
        *google.settings("analytics.readonly", service_account=True),
        Setting(
            "PROPERTIES",
            "property numbers, by comma; without it all that the credential reads",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=google.consent("analytics.readonly", service_account=True),
    hosts={
        "data": "https://analyticsdata.googleapis.com",
        "admin": "https://analyticsadmin.googleapis.com",
    },
    verdict=verdict,
)


def accounts(api: Api) -> Sequence[str]:
    """The properties named by the setting, else all of the credential's accounts."""
    named = api.optional("PROPERTIES")
    if named:
        return [_number(part.strip()) for part in named.split(",")]
    found: list[str] = []
    turn: dict[str, str] = {}
    seen: set[str] = set()
    while True:
        answer = api.get("admin", "/v1beta/accountSummaries", {"pageSize": 200, **turn})
        found += [
            _number(each["property"])
            for account in answer.get("accountSummaries", ())
            for each in account.get("propertySummaries", ())
        ]
        token = answer.get("nextPageToken")
        if not token:
            return sorted(found)
        if token in seen:
            raise AnswerUnreadable(
                "Google Analytics named a page of its accounts twice: the list would "
                "never end. Name the properties in "
                f"{SPEC.variable('PROPERTIES')}, then run again"
            )
        seen.add(token)
        turn = {"pageToken": token}


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All reports of the properties in `ask`."""
    return {
        name: _daily(api, ask, name, report) for name, report in columns.REPORTS.items()
    }


def _daily(api: Api, ask: Ask, name: str, report: Report) -> Iterator[Batch]:
    for account in ask.accounts:
        if ask.window.days:
            _check(api, account, report)
        for piece in ask.window.split(DAYS_PER_CALL):
            yield Batch(account, _rows(api, account, report, piece), name)


def _asked(report: Report) -> dict[str, Any]:
    return {
        "dimensions": [{"name": name} for name in report.dimensions],
        "metrics": [{"name": name} for name in report.metrics],
    }


def _check(api: Api, account: str, report: Report) -> None:
    """Which pairs go together changes over time: ask before a report fails halfway.

    Raises: RequestRefused with the names that do not.
    """
    asked = {**_asked(report), "compatibilityFilter": "INCOMPATIBLE"}
    path = f"/v1beta/properties/{account}:checkCompatibility"
    told = api.post("data", path, asked)
    apart = [
        each[kind]["apiName"]
        for kind, plural in (
            ("dimensionMetadata", "dimensionCompatibilities"),
            ("metricMetadata", "metricCompatibilities"),
        )
        for each in told.get(plural, ())
        if each.get("compatibility") == "INCOMPATIBLE"
    ]
    known = {*report.dimensions, *report.metrics}
    if wrong := sorted(known & set(apart)):
        raise RequestRefused(
            f"Google Analytics no longer tells {', '.join(wrong)} together with the rest "
            "of a report. Report this: the report must be parted"
        )


def _rows(api: Api, account: str, report: Report, window: Window) -> list[Row]:
    """All rows of a report, page by page, each with the flags of its answer."""
    body = {
        **_asked(report),
        "dateRanges": [{"startDate": str(window.start), "endDate": str(window.last)}],
        "limit": str(ROWS_PER_PAGE),
        "keepEmptyRows": False,
        "returnPropertyQuota": True,
        "orderBys": [{"dimension": {"dimensionName": n}} for n in report.dimensions],
    }
    rows: list[Row] = []
    path = f"/v1beta/properties/{account}:runReport"
    paging = Paging(SPEC.title, "rows of a report")
    while True:
        answer = api.post("data", path, {**body, "offset": str(paging.rows)})
        page = answer.get("rows", ())
        paging.take(page)
        flags = _flags(answer.get("metadata", {}))
        names = _columns(report, answer)
        rows += [
            {
                "account_id": account,
                **dict(zip(names, _values(row), strict=True)),
                **flags,
            }
            for row in page
        ]
        total = int(answer.get("rowCount", 0))
        if len(rows) >= total or len(page) < ROWS_PER_PAGE:
            paging.end(total)
            return rows


def _columns(report: Report, answer: Row) -> list[str]:
    """Values are positional: the headers say which is which."""
    heads = [each["name"] for each in answer.get("dimensionHeaders", ())]
    measures = [each["name"] for each in answer.get("metricHeaders", ())]
    return [
        *(report.dimensions[name] for name in heads),
        *(report.metrics[name][0] for name in measures),
    ]


def _values(row: Row) -> list[str]:
    """A dimension may be an empty text, which would be no key."""
    told = [cell.get("value") or NOT_SET for cell in row.get("dimensionValues", ())]
    return [*told, *(cell["value"] for cell in row.get("metricValues", ()))]


def _flags(metadata: Row) -> Row:
    return {
        "time_zone": metadata.get("timeZone"),
        "currency_code": metadata.get("currencyCode"),
        "data_loss_from_other_row": metadata.get("dataLossFromOtherRow", False),
        "subject_to_thresholding": metadata.get("subjectToThresholding", False),
        "sampling_metadatas": metadata.get("samplingMetadatas", []),
        "data_truncation_reasons": metadata.get("dataTruncationReasons", []),
    }


def _number(told: str) -> str:
    return told.removeprefix("properties/")
