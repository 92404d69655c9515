"""Attribution on files of one's own: touches, conversions, and what else is known.

The same SQL and the same models as on the warehouse, on a database in memory, and then the
flagship. Not here: reading and refusing (touch_files.py), printing (orchestration/cli).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import numpy as np

from warehouse.attribution import modelled, run
from warehouse.attribution.arrays import Named, named
from warehouse.attribution.causal.inputs import NotEnoughData, Options
from warehouse.attribution.causal.model import Causal
from warehouse.attribution.causal.model import attribute as causal
from warehouse.attribution.modelled import UNATTRIBUTED, ChannelRow
from warehouse.attribution.queries import FRACTIONS, ONES, Tally, before, ends, sql
from warehouse.attribution.rules import rules, summed
from warehouse.attribution.touch_files import Files, Told, read
from warehouse.db import in_memory

FLAGSHIP = "causal"
NOT_CAUSED = "not_caused"
LOOKBACK_DAYS = 30.0
MICROSECONDS = 86_400_000_000


class Row(NamedTuple):
    """A channel row; `video_id` is empty where no video was told, or none was asked for."""

    method: str
    channel: str
    video_id: str
    conversions: float
    value: float
    share: float | None
    conversions_p05: float | None
    conversions_p95: float | None


@dataclass(frozen=True)
class Attributed:
    """Rows of every method, the flagship's last, and what was guessed or left out."""

    rows: Sequence[Row]
    notes: Sequence[str]


def offer_journeys(
    con: duckdb.DuckDBPyConnection, *, lookback_days: float, memory: int
) -> Tally:
    """The relations that all of attribution's SQL reads, from the told_* tables.

    Returns how paths are counted.
    """
    ((ones,),) = con.execute("select bool_and(weight = 1) from told_users").fetchall()
    con.execute(
        sql("touch_file/journeys").format(
            lookback_days=lookback_days,
            lookback_microseconds=round(lookback_days * MICROSECONDS),
            weight_type="utinyint" if ones else "double",
            before=",\n    ".join(before(memory)),
            ends=ends(memory),
        )
    )
    con.execute(f"create or replace temp view attribution_won as {sql('won')}")
    return ONES if ones else FRACTIONS


def counted(
    con: duckdb.DuckDBPyConnection, *, lookback_days: float
) -> tuple[list[ChannelRow], list[str]]:
    """Rules and models on the told_* tables, and what to say of those left out."""
    ((channels,),) = con.execute(
        "select len(enum_range(cast(null as token_name)))"
    ).fetchall()
    memory = modelled.memory(channels)
    tally = offer_journeys(con, lookback_days=lookback_days, memory=memory)
    with summed(con, rules()):
        found = run.channel_rows(con, memory, tally).to_pylist()
    return [ChannelRow(**row) for row in found], modelled.left_out(channels)


def attribute(
    files: Files,
    *,
    time_zone: str | None = None,
    lookback_days: float = LOOKBACK_DAYS,
    by_video: bool = False,
) -> Attributed:
    """Every method on the files.

    With `by_video` each video of a channel is a channel of its own to rules and models;
    the flagship splits a channel's credit among its touches.
    Raises: FileRefused, with file, row, value and remedy.
    """
    with in_memory() as con:
        told = read(con, files, time_zone=time_zone, by_video=by_video)
        found, left_out = counted(con, lookback_days=lookback_days)
        given = named(con, told, time_zone)
    rows = [_peer(row) for row in found]
    told_rows = sorted((row for row in rows if _is_told(row)), key=_order)
    notes = [*told.notes, *left_out]
    try:
        result = causal(given.inputs, Options(lookback_days=lookback_days))
    except NotEnoughData as error:
        notes.append(f"{FLAGSHIP} is left out, not enough data: {error}")
        return Attributed(told_rows, notes)
    notes += _conflicts(told, result)
    flagship = [row for row in _flagship(given, result, by_video) if _is_told(row)]
    return Attributed([*told_rows, *flagship], notes)


def _is_told(row: Row) -> bool:
    return row.channel != UNATTRIBUTED or bool(row.conversions)


def _order(row: Row) -> tuple[str, float, str, str]:
    return (row.method, -row.conversions, row.channel, row.video_id)


def _peer(row: ChannelRow) -> Row:
    channel, _, video = row.channel.partition(chr(31))
    return Row(
        row.method,
        channel,
        video,
        row.conversions,
        row.value_usd,
        row.share,
        row.conversions_p05,
        row.conversions_p95,
    )


def _conflicts(told: Told, result: Causal) -> Iterator[str]:
    for place in result.conflicts:
        name, lift, se = told.lift_tests[place]
        yield (
            f"the lift test of {name} ({lift:g} +- {se:g}) lies outside what the log "
            "says: the test is believed, look for what the log does not show"
        )


def _flagship(given: Named, result: Causal, by_video: bool) -> Iterator[Row]:
    """Channels (or videos) by credit, then what was not caused, then what was untouched."""
    made = given.inputs.conversions
    booked = len(made)

    def row(channel: str, video: str, conversions: float, value: float) -> Row:
        return Row(
            FLAGSHIP,
            channel,
            video,
            conversions,
            value,
            conversions / booked,
            None,
            None,
        )

    names = given.inputs.channels.names
    found: list[Row]
    if by_video:
        found = list(_by_video(given, result, row))
    else:
        value = made.value @ result.credits
        found = [
            row(name, "", float(result.total[c]), float(value[c]))._replace(
                conversions_p05=float(result.low[c]),
                conversions_p95=float(result.high[c]),
            )
            for c, name in enumerate(names)
        ]
    yield from sorted(found, key=_order)
    rest = float(result.not_caused.sum())
    explained = booked - float(result.unattributed.sum())
    yield row(NOT_CAUSED, "", rest, float(result.not_caused @ made.value))._replace(
        conversions_p05=max(0.0, explained - result.caused_high),
        conversions_p95=max(0.0, explained - result.caused_low),
    )
    yield row(
        UNATTRIBUTED,
        "",
        float(result.unattributed.sum()),
        float(result.unattributed @ made.value),
    )


def _by_video(
    given: Named, result: Causal, row: Callable[[str, str, float, float], Row]
) -> Iterator[Row]:
    """A touch's credit to its video; the empty one holds touches without, and views
    that nobody logged."""
    split, made = result.touches, given.inputs.conversions
    videos, code = np.unique(given.videos.astype(str), return_inverse=True)
    videos = np.append(videos, "")
    of_touch = np.append(code, len(videos) - 1)[split.touch]  # -1: nobody logged it
    key = split.channel * len(videos) + of_touch
    size = len(given.inputs.channels.names) * len(videos)
    credit = np.bincount(key, split.credit, size)
    value = np.bincount(key, split.credit * made.value[split.conversion], size)
    told: dict[tuple[str, str], tuple[float, float]] = {}
    touched = given.inputs.touches.channel * len(videos) + code
    for each in np.union1d(key, touched).tolist():
        name = given.inputs.channels.names[each // len(videos)]
        place = (name, str(videos[each % len(videos)]))
        before = told.get(place, (0.0, 0.0))
        told[place] = (before[0] + credit[each], before[1] + value[each])
    for (name, video), (conversions, worth) in told.items():
        yield row(name, video, float(conversions), float(worth))
