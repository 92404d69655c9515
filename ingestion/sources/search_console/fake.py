"""How searchAnalytics.query answers in the sandbox, with its delays, gaps and refusals.

Fresh days are there in part and only for dataState ALL. Rare queries are withheld, so
that rows by query cover 60 % of clicks; pages add up to 1.05 of the property's
impressions. All of it is a function of (final count, days since, the row's luck).
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from ingestion.sandbox.google import google_error, unauthenticated
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.tape import Shape
from ingestion.world import View
from ingestion.world.frames import Array, Frame

VISIBLE = {1: 0.70, 2: 0.90}  # of the final count, by lag in days; all from lag 3
FINAL_LAG = 3
QUERY_COVERAGE = 0.60
PAGE_EXCESS = 1.05
MOST_ROWS = 25_000
SHAPE = Shape(tells_total=False)  # a page lost is not told by any number
TYPES = {"WEB", "IMAGE", "VIDEO", "NEWS", "DISCOVER", "GOOGLE_NEWS"}
DIMENSIONS = {"DATE", "PAGE", "QUERY", "SEARCH_APPEARANCE"}
NOT_HERE = {"COUNTRY", "DEVICE", "HOUR"}  # the company has no such figures
TESTS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda value, told: value == told,
    "NOT_EQUALS": lambda value, told: value != told,
    "CONTAINS": lambda value, told: told.lower() in value.lower(),
    "NOT_CONTAINS": lambda value, told: told.lower() not in value.lower(),
    "INCLUDING_REGEX": lambda value, told: re.search(told, value) is not None,
    "EXCLUDING_REGEX": lambda value, told: re.search(told, value) is None,
}


class _Illegal(Exception):
    """The request is wrong: the text says what of it."""


def routes(view: View) -> list[Route]:
    """The list of properties and the one report of the company's property."""
    fake = _Fake(view)
    query = r"/webmasters/v3/sites/(?P<site>[^/]+)/searchAnalytics/query"
    return [
        Route("GET", "/webmasters/v3/sites", _guarded(fake.sites)),
        Route("POST", query, _guarded(fake.query)),
    ]


def _guarded(handler: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        try:
            return unauthenticated(request) or handler(request)
        except _Illegal as error:
            return google_error(400, "invalidParameter", str(error), "INVALID_ARGUMENT")

    return answer


class _Fake:
    def __init__(self, view: View) -> None:
        self.view = view
        self.property = view.company.search_property
        self.host = f"https://{view.company.domain}"
        self._known: dict[tuple[str, bool, bool], _Facts] = {}

    def sites(self, request: Request) -> Reply:
        mine = {"siteUrl": self.property, "permissionLevel": "SITE_OWNER"}
        other = {
            "siteUrl": "https://partner.example/",
            "permissionLevel": "SITE_UNVERIFIED_USER",
        }
        return Reply({"siteEntry": [mine, other]})

    def query(self, request: Request) -> Reply:
        site = request.found["site"]
        if site != self.property:
            said = f"User does not have sufficient permission for site '{site}'."
            return google_error(403, "forbidden", said, "PERMISSION_DENIED")
        body = request.json()
        kind = _word(body.get("type", body.get("searchType", "WEB")))
        dimensions = [_word(name) for name in body.get("dimensions", ())]
        filters = [
            {**each, "dimension": _word(each["dimension"])}
            for group in body.get("dimensionFilterGroups", ())
            for each in group.get("filters", ())
        ]
        limit, first = int(body.get("rowLimit", 1000)), int(body.get("startRow", 0))
        if not 1 <= limit <= MOST_ROWS or first < 0:
            raise _Illegal(
                f"Invalid value at 'row_limit': {limit} is not in [1, 25000]"
            )
        used = {*dimensions, *(each["dimension"] for each in filters)}
        by_page = _check(body, kind, dimensions, used)
        rows = self.report(body, kind, dimensions, filters)
        aggregated = "BY_PAGE" if by_page else "BY_PROPERTY"
        answer: dict[str, Any] = {"responseAggregationType": aggregated}
        if rows[first : first + limit]:
            answer["rows"] = rows[first : first + limit]  # absent where there are none
        fresh = self.view.as_of - timedelta(days=FINAL_LAG - 1)
        if _state(body) == "ALL" and "DATE" in dimensions and _end(body) >= fresh:
            answer["metadata"] = {"firstIncompleteDate": str(fresh)}
        return Reply(answer)

    def report(
        self,
        body: dict[str, Any],
        kind: str,
        dimensions: list[str],
        filters: list[dict[str, str]],
    ) -> list[dict[str, Any]]:
        used = {*dimensions, *(each["dimension"] for each in filters)}
        facts = self.facts(kind, "QUERY" in used, "SEARCH_APPEARANCE" in used)
        first = (_start(body) - self.view.start).days
        last = (_end(body) - self.view.start).days
        newest = self.view.days - 1 - (1 if _state(body) == "ALL" else FINAL_LAG)
        day = facts.codes["DATE"]
        kept = (day >= first) & (day <= min(last, newest))
        for each in filters:
            test = TESTS[_word(each.get("operator", "EQUALS"))]
            words = facts.words[each["dimension"]]
            passed = np.array([test(w, each["expression"]) for w in words], dtype=bool)
            kept &= passed[facts.codes[each["dimension"]]]
        return self.grouped(facts.where(kept), dimensions)

    def facts(self, kind: str, by_query: bool, by_appearance: bool) -> "_Facts":
        key = (kind, by_query, by_appearance)
        if key not in self._known:
            self._known[key] = self.served(*key)
        return self._known[key]

    def served(self, kind: str, by_query: bool, by_appearance: bool) -> "_Facts":
        """What is counted by now, at the finest grain that the question touches."""
        tables = {"WEB": self.view.search, "VIDEO": self.view.search_video}
        nothing = np.zeros(len(self.view.search), dtype=bool)
        if by_appearance:
            found = self.view.search_appearance
            found = found.where(np.full(len(found), kind == "WEB"))
        else:
            found = tables.get(kind, self.view.search.where(nothing))
        number, day = np.arange(len(found)), found["day"].astype(np.int64)
        if by_query:
            kept = self.is_shown(found)
            found, number, day = found.where(kept), number[kept], day[kept]
        lag = self.view.days - 1 - day
        share = np.select([lag == n for n in VISIBLE], list(VISIBLE.values()), 1.0)
        luck = self.view.hash01("search served", day, number)
        shown = np.floor(found["impressions"] * share + luck)
        facts = _Facts(
            codes={"DATE": day},
            words={"DATE": np.array([])},
            clicks=np.minimum(np.floor(found["clicks"] * share + luck), shown),
            impressions=shown,
            weight=found["position"] * shown,
        )
        if by_appearance:
            facts.add("SEARCH_APPEARANCE", found["appearance"])
        else:
            facts.add("PAGE", self.host + found["page_path"])
            facts.add("QUERY", found["query"])
        return facts.where(shown > 0)

    def is_shown(self, found: Frame) -> Array:
        """Whether enough people asked: the rarer on its day, the likelier withheld.

        A row of n impressions is shown with probability n / (n + k); k is what makes a
        day's expected clicks shown QUERY_COVERAGE of all: no day depends on another.
        """
        day = found["day"].astype(np.int64)
        asked, clicks = (
            found["impressions"].astype(float),
            found["clicks"].astype(float),
        )
        total = np.bincount(day, clicks)
        low, high = np.full(len(total), 1e-3), np.full(len(total), 1e6)
        for _ in range(40):
            k = np.sqrt(low * high)
            too_many = np.bincount(day, clicks * asked / (asked + k[day])) > (
                QUERY_COVERAGE * total
            )
            low, high = np.where(too_many, k, low), np.where(too_many, high, k)
        luck = self.view.hash01("search withheld", day, np.arange(len(found)))
        return np.asarray(luck < asked / (asked + low[day]))

    def grouped(self, facts: "_Facts", dimensions: list[str]) -> list[dict[str, Any]]:
        """Sums by the dimensions asked, sorted by date, then by clicks, most first."""
        if not len(facts.clicks):
            return []
        group = np.zeros(len(facts.clicks), dtype=np.int64)
        for name in dimensions:
            code = facts.codes[name]
            group = group * (int(code.max()) + 1) + code
        _, at, group = np.unique(group, return_index=True, return_inverse=True)
        clicks = np.bincount(group, facts.clicks)
        shown = np.bincount(group, facts.impressions)
        position = np.bincount(group, facts.weight) / shown
        day = facts.codes["DATE"][at]
        if "PAGE" in dimensions and "QUERY" not in dimensions:
            pages = [zlib.crc32(page.encode()) for page in facts.words["PAGE"]]
            number = np.array(pages, dtype=np.int64)[facts.codes["PAGE"][at]]
            luck = self.view.hash01("search pages", day, number)
            shown = np.floor(shown * PAGE_EXCESS + luck)
        order = np.lexsort((-clicks, day if "DATE" in dimensions else 0 * day))
        keys = [
            [str(self.view.start + timedelta(days=d)) for d in day[order].tolist()]
            if name == "DATE"
            else facts.words[name][facts.codes[name][at[order]]].tolist()
            for name in dimensions
        ]
        measures = [
            values[order].tolist()
            for values in (clicks, shown, clicks / shown, position)
        ]
        names = ("clicks", "impressions", "ctr", "position")
        listed = zip(*keys, strict=True) if keys else [()]
        return [
            {"keys": list(key), **dict(zip(names, row, strict=True))}
            for key, row in zip(listed, zip(*measures, strict=True), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Facts:
    """Rows as codes into lists of words; DATE is the number of the day itself."""

    codes: dict[str, Array]
    words: dict[str, Array]
    clicks: Array
    impressions: Array
    weight: Array  # position x impressions

    def add(self, name: str, column: Array) -> None:
        coded = pa.array(column, pa.string()).dictionary_encode()
        met = coded.dictionary.to_numpy(zero_copy_only=False)
        self.words[name], place = np.unique(met.astype(str), return_inverse=True)
        self.codes[name] = place[coded.indices.to_numpy()]

    def where(self, kept: Array) -> "_Facts":
        codes = {name: code[kept] for name, code in self.codes.items()}
        measures = (self.clicks[kept], self.impressions[kept], self.weight[kept])
        return _Facts(codes, self.words, *measures)


def _check(
    body: dict[str, Any], kind: str, dimensions: list[str], used: set[str]
) -> bool:
    """Whether figures are by page. Raises: _Illegal for what the API does not allow."""
    if kind not in TYPES:
        raise _Illegal(f"Invalid value at 'type': \"{kind}\"")
    unknown = used - DIMENSIONS
    if unknown & NOT_HERE:
        raise _Illegal(f"The sandbox has no dimension {', '.join(sorted(unknown))}")
    if unknown:
        raise _Illegal(f"Invalid value at 'dimensions': {', '.join(sorted(unknown))}")
    if len(set(dimensions)) < len(dimensions):
        raise _Illegal("Dimensions must not repeat")
    if "SEARCH_APPEARANCE" in dimensions and len(dimensions) > 1:
        raise _Illegal("SEARCH_APPEARANCE cannot be combined with other dimensions")
    if "SEARCH_APPEARANCE" in used and used & {"PAGE", "QUERY"}:
        raise _Illegal("The sandbox has appearances by day only")
    if kind in ("DISCOVER", "GOOGLE_NEWS") and "QUERY" in used:
        raise _Illegal(f"QUERY is not available for the type {kind}")
    if _start(body) > _end(body):
        raise _Illegal("startDate must not be after endDate")
    aggregation = _word(body.get("aggregationType", "AUTO"))
    by_page = "PAGE" in used or aggregation == "BY_PAGE"
    if aggregation == "BY_PROPERTY" and "PAGE" in used:
        raise _Illegal("BY_PROPERTY is not allowed when pages are grouped or filtered")
    return by_page


def _word(told: str) -> str:
    """Enums as the API spells them; camel and lower case are accepted too."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", told).upper()


def _state(body: dict[str, Any]) -> str:
    return _word(body.get("dataState", "FINAL"))


def _start(body: dict[str, Any]) -> date:
    return _day(body, "startDate")


def _end(body: dict[str, Any]) -> date:
    return _day(body, "endDate")


def _day(body: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(body[name])
    except (KeyError, ValueError, TypeError) as error:
        raise _Illegal(f"Invalid value at '{name}': a date YYYY-MM-DD") from error
