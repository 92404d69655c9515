"""Read a snapshot: one file of SQL per question, one dataclass per row.

Only `published.*` is read, read-only. Not here: any sentence or any decision about what
is shown. The limits keep the page small when a company has thousands of videos.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from warehouse.report import model
from warehouse.report.model import Page, Period
from warehouse.report.numbers import clean

LISTED_VIDEOS = 60
LISTED_RECOMMENDATIONS = 400
PERIOD_DAYS = 90
_SQL = Path(__file__).parent / "sql"
_PARAMETER = re.compile(r"\$([a-z_]+)")
Row = TypeVar("Row")


def read(snapshot: Path) -> Page:
    """Everything the page and the summary know.

    Raises: duckdb.Error when the file is no snapshot (publish says what to do).
    """
    with _opened(snapshot) as ask:
        identity = ask.one(model.Identity, "identity")
        period = _period(ask, identity)
        ask.bind(
            start=period.start,
            end=period.end,
            before_start=period.before.start,
            before_end=period.before.end,
            limit=LISTED_VIDEOS,
        )
        videos = ask.all(model.Video, "videos")
        ask.bind(videos=[video.video_key for video in videos])
        ask.bind(limit=LISTED_RECOMMENDATIONS)
        before = {"start": period.before.start, "end": period.before.end}
        return Page(
            identity=identity,
            period=period,
            sources=ask.all(model.Source, "sources"),
            kpis={one.kpi: one for one in ask.all(model.Kpi, "kpis")},
            scores=ask.all(model.Score, "scores"),
            weeks=ask.all(model.Week, "weeks"),
            fleet=ask.one(model.Fleet, "fleet"),
            videos=videos,
            names={row["key"]: row["name"] for row in ask.rows("names")},
            spend=ask.one(model.Spend, "spend"),
            spend_before=ask.one(model.Spend, "spend", **before),
            first_day=next(ask.rows("first_day"))["first_day"],
            channels=ask.all(model.Channel, "channels"),
            booked={b.conversion_type: b for b in ask.all(model.Booked, "booked")},
            carriers=next(ask.rows("carriers"))["few"],
            caused=ask.all(model.Caused, "caused"),
            caused_leads=next(iter(ask.all(model.CausedLeads, "caused_leads")), None),
            lift_tests=ask.all(model.LiftTest, "lift_tests"),
            claims=ask.all(model.Claim, "claims"),
            recommendations=ask.all(model.Recommendation, "recommendations"),
            issued=ask.one(model.Issued, "issued"),
            beliefs=ask.all(model.Belief, "beliefs"),
            placements=ask.all(model.Placement, "placements"),
            retention=ask.all(model.Retention, "retention"),
            origins=ask.all(model.Origin, "origins"),
            deals=ask.one(model.Deals, "deals"),
            search=ask.all(model.Search, "search"),
            search_coverage=ask.all(model.SearchCoverage, "search_coverage"),
            coverage=ask.all(model.Coverage, "coverage"),
            reported=ask.all(model.Reported, "reported"),
            counters=ask.one(model.Counters, "counters"),
            counted=ask.all(model.Counted, "counted"),
            definitions=ask.all(model.Definition, "definitions"),
            quarantined=ask.all(model.Quarantined, "quarantined"),
            finance=ask.one(model.Finance, "finance"),
            themes=tuple(
                (row["theme"], row["objectives"]) for row in ask.rows("themes")
            ),
        )


class _Ask:
    """Runs a SQL file with the parameters that it names."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._values: dict[str, Any] = {}

    def bind(self, **values: Any) -> None:
        self._values |= values

    def rows(self, name: str, **values: Any) -> Iterator[dict[str, Any]]:
        sql = (_SQL / f"{name}.sql").read_text()
        offered = self._values | values
        named = {key: offered[key] for key in _PARAMETER.findall(sql)}
        answer = self._con.execute(sql, named or None)
        columns = [column[0] for column in answer.description]
        for row in answer.fetchall():
            yield dict(zip(columns, map(_tidy, row), strict=True))

    def all(self, cls: type[Row], name: str, **values: Any) -> tuple[Row, ...]:
        return tuple(cls(**row) for row in self.rows(name, **values))

    def one(self, cls: type[Row], name: str, **values: Any) -> Row:
        return cls(**next(self.rows(name, **values)))


def _tidy(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tidy(one) for one in value)
    return clean(value) if isinstance(value, str) else value


@contextmanager
def _opened(snapshot: Path) -> Iterator[_Ask]:
    con = duckdb.connect(str(snapshot), read_only=True)
    try:
        con.execute("set threads = 1")  # sums of doubles in one order: the same bytes
        yield _Ask(con)
    finally:
        con.close()


def _period(ask: _Ask, identity: model.Identity) -> Period:
    found = next(ask.rows("period"))
    if found["start"] is not None and found["end"] is not None:
        return Period(found["start"], found["end"])
    return Period(identity.as_of - timedelta(days=PERIOD_DAYS - 1), identity.as_of)
