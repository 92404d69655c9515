"""How the GA4 Data API answers in the sandbox: runReport, checkCompatibility, properties.

Not here: what was measured (fake_sessions.py).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from ingestion.sandbox.google import google_error, unauthenticated
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sources.ga4 import fake_sessions
from ingestion.sources.ga4.fake_sessions import DIRECT, NOT_SET, Facts, day
from ingestion.world import View

PROPERTY = "properties/310448297"
MOST_DIMENSIONS, MOST_METRICS, MOST_LIMIT = 9, 10, 250_000
ROWS_A_DAY = 500  # more are folded into (other)
FEWEST_USERS = 10  # rows of fewer are withheld where users are asked for
SAMPLED_ABOVE = 1_000_000  # facts of a question
TOKENS_PER_DAY = 200_000

SESSION = {
    "landingPage": "landing",
    "sessionSource": "source",
    "sessionMedium": "medium",
    "sessionManualAdContent": "content",
    "sessionDefaultChannelGroup": "group",
}
EVENT = {"eventName": "event"}
SESSION_METRICS = {"sessions", "engagedSessions", "keyEvents", "totalUsers"}
EVENT_METRICS = {"eventCount", "totalUsers"}
# Item reports have a scope of their own.
ITEM = {"itemName", "itemBrand"}
KNOWN_DIMENSIONS = {"date", *SESSION, *EVENT, *ITEM}
KNOWN_METRICS = {*SESSION_METRICS, *EVENT_METRICS}


class Illegal(Exception):
    """The request is wrong: the text says what of it."""


def routes(view: View) -> list[Route]:
    """One account with one property."""
    fake = _Fake(view)
    path = r"/v1beta/(?P<property>properties/[^/:]+)"
    return [
        Route("GET", "/v1beta/accountSummaries", partial(_guarded, fake.summaries)),
        Route("POST", path + ":runReport", partial(_guarded, fake.report)),
        Route("POST", path + ":checkCompatibility", partial(_guarded, fake.check)),
    ]


def _guarded(handler: Callable[[Request], Reply], request: Request) -> Reply:
    try:
        return unauthenticated(request) or handler(request)
    except Illegal as error:
        return google_error(400, "badRequest", str(error), "INVALID_ARGUMENT")


class _Fake:
    def __init__(self, view: View) -> None:
        self.view = view
        self._told: dict[tuple[object, ...], tuple[Any, ...]] = {}
        self._counted: dict[int, tuple[Facts, Facts]] = {}

    def of_days(self, days: range) -> list[tuple[Facts, Facts]]:
        """Sessions and events of each day, counted when they are first asked for."""
        new: dict[int, tuple[Facts, Facts]] = {
            day: ([], []) for day in days if day not in self._counted
        }
        if new:
            asked = range(min(new), max(new) + 1)
            sessions, events = fake_sessions.facts(self.view, asked)
            for each in sessions:
                each["group"] = _group(each["source"], each["medium"])
            for kind, facts in enumerate((sessions, events)):
                for fact in facts:
                    if fact["day"] in new:
                        new[fact["day"]][kind].append(fact)
            self._counted |= new
        return [self._counted[day] for day in days]

    def summaries(self, request: Request) -> Reply:
        mine = {"property": PROPERTY, "displayName": self.view.company.domain}
        account = {
            "account": "accounts/77001",
            "displayName": self.view.company.name,
            "propertySummaries": [mine],
        }
        return Reply({"accountSummaries": [account]})

    def check(self, request: Request) -> Reply:
        self._own(request)
        body = request.json()
        dimensions, metrics = _names(body, "dimensions"), _names(body, "metrics")
        told: dict[str, Any] = {}
        for plural, names, kind in (
            ("dimensionCompatibilities", dimensions, "dimensionMetadata"),
            ("metricCompatibilities", metrics, "metricMetadata"),
        ):
            told[plural] = [
                {kind: {"apiName": name}, "compatibility": "INCOMPATIBLE"}
                for name in names
                if not _compatible(dimensions, metrics)
            ]
        return Reply({**told, "kind": "analyticsData#checkCompatibility"})

    def report(self, request: Request) -> Reply:
        self._own(request)
        body = request.json()
        dimensions, metrics = _names(body, "dimensions"), _names(body, "metrics")
        _check_names(dimensions, metrics)
        limit, offset = int(body.get("limit", 10_000)), int(body.get("offset", 0))
        if not 1 <= limit <= MOST_LIMIT or offset < 0:
            raise Illegal(f"The limit must be between 1 and {MOST_LIMIT}.")
        first, last = _range(body)
        asked = (tuple(dimensions), tuple(metrics), first, last)
        if asked not in self._told:  # its pages share the work
            facts = self._facts(metrics, dimensions, first, last)
            self._told[asked] = self._rows(facts, dimensions, metrics)
        rows, metadata = self._told[asked]
        answer: dict[str, Any] = {
            "dimensionHeaders": [{"name": name} for name in dimensions],
            "metricHeaders": [{"name": n, "type": _kind(n)} for n in metrics],
            "metadata": metadata,
            "kind": "analyticsData#runReport",
        }
        if rows:  # absent where there are none, and so is their count
            answer["rowCount"] = len(rows)
            answer["rows"] = [
                {
                    "dimensionValues": [{"value": cell} for cell in key],
                    "metricValues": [{"value": cell} for cell in cells],
                }
                for key, cells in rows[offset : offset + limit]
            ]
        if body.get("returnPropertyQuota"):
            quota = {"consumed": 4, "remaining": TOKENS_PER_DAY - 4}
            answer["propertyQuota"] = {"tokensPerDay": quota}
        return Reply(answer)

    def _own(self, request: Request) -> None:
        if request.found["property"] != PROPERTY:
            raise Illegal(f"Property {request.found['property']} is not accessible.")

    def _facts(
        self, metrics: list[str], dimensions: list[str], first: date, last: date
    ) -> Facts:
        last = min(last, self.view.as_of - timedelta(days=1))
        since, until = (first - self.view.start).days, (last - self.view.start).days
        kind = bool({*dimensions, *metrics} & {*EVENT, "eventCount"})
        days = range(max(since, 0), max(until + 1, since, 0))
        return [fact for of_day in self.of_days(days) for fact in of_day[kind]]

    def _rows(
        self, facts: Facts, dimensions: list[str], metrics: list[str]
    ) -> tuple[list[tuple[tuple[str, ...], list[str]]], dict[str, Any]]:
        groups: dict[tuple[str, ...], Facts] = defaultdict(list)
        names = [{"date": "day", **SESSION, **EVENT}[name] for name in dimensions]
        for fact in facts:
            groups[tuple([fact[name] for name in names])].append(fact)
        groups = {
            tuple(
                self._cell(*each) for each in zip(dimensions, key, strict=True)
            ): found
            for key, found in groups.items()
        }
        groups, has_other = _folded(groups, dimensions)
        metadata: dict[str, Any] = {
            "currencyCode": "USD",
            "timeZone": fake_sessions.ZONE,
        }
        if has_other:
            metadata["dataLossFromOtherRow"] = True
        if "totalUsers" in metrics:
            few = {
                key
                for key, each in groups.items()
                if len({fact["visitor"] for fact in each}) < FEWEST_USERS
            }
            groups = {key: each for key, each in groups.items() if key not in few}
            metadata["subjectToThresholding"] = bool(few)
        if len(facts) > SAMPLED_ABOVE:
            read = {"samplesReadCount": str(SAMPLED_ABOVE)}
            space = {"samplingSpaceSize": str(len(facts))}
            metadata["samplingMetadatas"] = [{**read, **space}]
        rows = [
            (key, [_measure(groups[key], name) for name in metrics])
            for key in sorted(groups)
        ]
        return rows, metadata

    def _cell(self, dimension: str, value: Any) -> str:
        return f"{day(self.view, value):%Y%m%d}" if dimension == "date" else str(value)


def _folded(
    groups: dict[tuple[str, ...], Facts], dimensions: list[str]
) -> tuple[dict[tuple[str, ...], Facts], bool]:
    """The rarest combinations of a day become one row, (other)."""
    at = dimensions.index("date") if "date" in dimensions else None
    of_day: Counter[str] = Counter()
    kept: dict[tuple[str, ...], Facts] = {}
    has_other = False
    for key in sorted(groups, key=lambda each: (-len(groups[each]), each)):
        when = key[at] if at is not None else ""
        of_day[when] += 1
        if of_day[when] <= ROWS_A_DAY:
            kept[key] = groups[key]
            continue
        has_other = True
        other = tuple(when if n == at else "(other)" for n in range(len(key)))
        kept[other] = [*kept.get(other, []), *groups[key]]
    return kept, has_other


def _measure(facts: Facts, metric: str) -> str:
    match metric:
        case "sessions":
            return str(len(facts))
        case "eventCount":
            return str(sum(fact["count"] for fact in facts))
        case "engagedSessions":
            return str(sum(fact["engaged"] for fact in facts))
        case "keyEvents":
            return str(sum(fact["key_events"] for fact in facts))
        case _:
            return str(len({fact["visitor"] for fact in facts}))


def _names(body: dict[str, Any], plural: str) -> list[str]:
    return [each["name"] for each in body.get(plural, ())]


def _check_names(dimensions: list[str], metrics: list[str]) -> None:
    if len(dimensions) > MOST_DIMENSIONS:
        raise Illegal(f"Requests are limited to {MOST_DIMENSIONS} dimensions.")
    if len(metrics) > MOST_METRICS:
        raise Illegal(f"Requests are limited to {MOST_METRICS} metrics.")
    for kind, names, known in (
        ("dimension", dimensions, KNOWN_DIMENSIONS),
        ("metric", metrics, KNOWN_METRICS),
    ):
        for name in names:
            if name not in known:
                raise Illegal(f"Field {name} is not a valid {kind}.")
    if not _compatible(dimensions, metrics):
        raise Illegal("Please remove a dimension or metric: they are incompatible.")


def _compatible(dimensions: Iterable[str], metrics: Iterable[str]) -> bool:
    asked = {*dimensions}
    by_session = asked & {*SESSION} or {*metrics} & (SESSION_METRICS - EVENT_METRICS)
    by_event = asked & {*EVENT} or "eventCount" in {*metrics}
    return not (asked & ITEM) and not (by_session and by_event)


def _range(body: dict[str, Any]) -> tuple[date, date]:
    ranges = body.get("dateRanges", ())
    if len(ranges) != 1:
        raise Illegal("The sandbox wants exactly one date range.")
    try:
        first, last = (
            date.fromisoformat(ranges[0][f"{e}Date"]) for e in ("start", "end")
        )
    except (KeyError, ValueError) as error:
        raise Illegal("Invalid dates: use YYYY-MM-DD.") from error
    if last < first:
        raise Illegal("The start date must not be after the end date.")
    return first, last


def _kind(metric: str) -> str:
    return "TYPE_FLOAT" if metric == "keyEvents" else "TYPE_INTEGER"


def _group(source: str, medium: str) -> str:
    """Google's default channel groups, as far as the company's links reach."""
    if (source, medium) == DIRECT:
        return "Direct"
    match medium:
        case "organic":
            return "Organic Search"
        case "email":
            return "Email"
        case "social":
            return "Organic Social"
        case "video":
            return "Organic Video"
        case "cpc":
            return "Paid Search"
        case "paid_social" | "retargeting":
            return "Paid Social"
        case "paid_video":
            return "Paid Video"
        case "referral":
            return "Referral"
    return "Unassigned" if medium == NOT_SET else "Referral"
