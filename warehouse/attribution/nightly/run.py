"""The rows of method `causal`: credits by conversion, channels with intervals, the evidence,
and which lift tests it rests on.

Not here: the evidence itself, the tables the rows go to (warehouse/attribution/run.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from warehouse.attribution import queries
from warehouse.attribution.modelled import NINETY, UNATTRIBUTED, ChannelRow
from warehouse.attribution.nightly.browsers import browsers
from warehouse.attribution.nightly.credits import (
    NOT_CAUSED,
    Credit,
    Told,
    told,
)
from warehouse.attribution.nightly.leads import Leads, leads
from warehouse.attribution.nightly.regions import delivered, units
from warehouse.attribution.queries import sql
from warehouse.incrementality.store import Flown, Use, calibration, uses

METHOD = "causal"
LEAD = "lead"
TEXT, REAL = pa.string(), pa.float64()
CREDIT_COLUMNS = pa.schema(
    [
        *((name, TEXT) for name in ("method", "conversion_type", "conversion_id")),
        *((name, TEXT) for name in ("touch_id", "channel", "video_key")),
        *((name, TEXT) for name in ("variant_key", "placement_key")),
        ("converted_date", pa.date32()),
        *((name, REAL) for name in ("credit", "value_usd")),
    ]
)
EVIDENCE_COLUMNS = pa.schema(
    [
        *((name, TEXT) for name in ("channel", "video_key")),
        *((name, TEXT) for name in ("evidence", "evidence_grade")),
        *((name, REAL) for name in ("leads", "leads_p05", "leads_p95")),
    ]
)
TEST_COLUMNS = pa.schema(
    [
        ("test_id", TEXT),
        ("is_used", pa.bool_()),
        ("unused_because", TEXT),
        ("is_conflict", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Nightly:
    """All rows of the method; none of it where the leads are too few to tell.

    `tests`: one row per lift test, whether it corrects the credits, why not (`unsound`,
    `in_flights`, `unknown_channel`), whether the rest contradicts its channel's tests.
    """

    credits: pa.Table
    channels: list[ChannelRow]
    evidence: pa.Table
    tests: pa.Table


class _Booked(NamedTuple):
    """A conversion with the lead it is or began with; None where it has none."""

    conversion_type: str
    conversion_id: str
    converted_date: date
    value_usd: float
    lead: int | None


NOTHING = Nightly(
    CREDIT_COLUMNS.empty_table(),
    [],
    EVIDENCE_COLUMNS.empty_table(),
    TEST_COLUMNS.empty_table(),
)


def nightly(con: duckdb.DuckDBPyConnection, as_of: date) -> Nightly:
    """Reads the journey, the delivery by region and the lift tests; writes nothing."""
    found = leads(con, as_of)
    if found is None:
        return NOTHING
    seen, bought = browsers(con, found), delivered(con, found)
    if seen is None and bought is None:
        return NOTHING
    had_touch = con.execute(
        "select conversion_id from attribution_conversions where is_touched"
    ).fetchall()
    touched = np.isin(found.ids.astype(str), [row[0] for row in had_touch])
    flown = Flown(bought.channels, found.first_day, found.last_day) if bought else None
    tests = calibration(con, conversions=float(len(found)), flown=flown)
    by_region = units(bought, found, tests) if bought else []
    result = told(len(found), touched, seen, by_region, tests)
    booked = _booked(con, found)
    owed: dict[int, list[Credit]] = defaultdict(list)
    for credit in result.credits:
        owed[credit.lead].append(credit)
    rows = list(_rows(booked, owed))
    return Nightly(
        credits=pa.Table.from_pylist(rows, CREDIT_COLUMNS),
        channels=list(_channels(queries.channels(con), rows, result)),
        evidence=pa.Table.from_pylist(
            [each._asdict() for each in result.evidence], EVIDENCE_COLUMNS
        ),
        tests=pa.Table.from_pylist(
            list(_tests(uses(con, flown=flown), result)), TEST_COLUMNS
        ),
    )


def _tests(found: Iterable[Use], result: Told) -> Iterator[dict[str, object]]:
    known = {each.channel for each in result.evidence}
    for test in found:
        why = test.unused_because
        if why is None and test.channel not in known:
            why = "unknown_channel"
        yield {
            "test_id": test.test_id,
            "is_used": why is None,
            "unused_because": why,
            "is_conflict": why is None and test.channel in result.conflicts,
        }


def _booked(con: duckdb.DuckDBPyConnection, found: Leads) -> list[_Booked]:
    place = {conversion: row for row, conversion in enumerate(found.ids)}
    own = con.execute(
        "select conversion_id, cast(converted_at as date), "
        "cast(coalesce(value_usd, 0) as double) from attribution_conversions "
        "where conversion_type = ? order by conversion_id",
        [LEAD],
    ).fetchall()
    return [
        *(_Booked(LEAD, key, day, value, place.get(key)) for key, day, value in own),
        *(
            _Booked(kind, key, day, value, place.get(lead))
            for kind, key, day, value, lead in con.execute(
                sql("nightly/deals")
            ).fetchall()
        ),
    ]


def _rows(
    booked: Iterable[_Booked], owed: Mapping[int, list[Credit]]
) -> Iterator[dict[str, object]]:
    """A deal is owed to what its lead is owed to; one without a lead to nobody."""
    nobody = [Credit(-1, None, UNATTRIBUTED, None, None, None, 1.0)]
    for each in booked:
        for part in nobody if each.lead is None else owed[each.lead]:
            yield {
                "method": METHOD,
                "conversion_type": each.conversion_type,
                "conversion_id": each.conversion_id,
                "touch_id": part.touch_id,
                "channel": part.channel,
                "video_key": part.video_key,
                "variant_key": part.variant_key,
                "placement_key": part.placement_key,
                "converted_date": each.converted_date,
                "credit": part.credit,
                "value_usd": part.credit * each.value_usd,
            }


def _channels(
    known: Sequence[str], rows: Iterable[Mapping[str, object]], result: Told
) -> Iterator[ChannelRow]:
    """Every channel, what would have come anyway, and what nothing touched.

    The interval of a deal's channel is that of its leads, at the size of the deals. All
    together caused at least what the surest of them did.
    """
    sums: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        by_channel = sums.setdefault(str(row["conversion_type"]), {})
        total = by_channel.setdefault(str(row["channel"]), [0.0, 0.0])
        total[0] += float(row["credit"])  # type: ignore[arg-type]
        total[1] += float(row["value_usd"])  # type: ignore[arg-type]
    evidence = {each.channel: each for each in result.evidence if not each.video_key}
    lead_total = sum(part[0] for part in sums[LEAD].values())
    reach = NINETY * result.caused_se
    surely = max((each.leads_p05 for each in result.evidence), default=0.0)
    for kind, by_channel in sorted(sums.items()):
        booked = sum(part[0] for part in by_channel.values())
        scale = booked / lead_total
        untouched = by_channel.get(UNATTRIBUTED, [0.0, 0.0])[0]
        rest = by_channel.get(NOT_CAUSED, [0.0, 0.0])[0]
        caused = booked - untouched - rest
        for channel in sorted({*known, *by_channel, NOT_CAUSED, UNATTRIBUTED}):
            conversions, value = by_channel.get(channel, [0.0, 0.0])
            low = high = conversions
            if channel == NOT_CAUSED:
                low = max(rest - reach * scale, 0.0)
                high = rest + min(reach * scale, max(caused - surely * scale, 0.0))
            elif channel in evidence:
                each = evidence[channel]
                low = min(each.leads_p05 * scale, conversions)
                high = max(min(each.leads_p95 * scale, booked), conversions)
            yield ChannelRow(
                method=METHOD,
                conversion_type=kind,
                channel=channel,
                conversions=conversions,
                value_usd=value,
                share=conversions / booked,
                conversions_p05=low,
                conversions_p95=high,
                evidence=evidence[channel].evidence if channel in evidence else None,
                evidence_grade=(
                    evidence[channel].evidence_grade if channel in evidence else None
                ),
            )
