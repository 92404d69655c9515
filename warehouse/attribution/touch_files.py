"""Files of touches, conversions and what else is known, read and refused row by row.

Makes the told_* tables that own_files.py counts. Not here: the smaller files (side_files.py),
what a channel is (naming.py), arrays for the flagship (arrays.py), any method.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.attribution import side_files
from warehouse.attribution.naming import FLAGS, Flags, guessed
from warehouse.attribution.queries import sql
from warehouse.attribution.stamps import refuse_zone, stamp, zoned
from warehouse.lines import lines, refuse

UNMAPPED = "unmapped"
TOUCH_ID = "coalesce(nullif(touch_id, ''), lpad(cast(row_number as varchar), 12, '0'))"
ONCE = "qualify row_number() over (partition by touch_id order by row_number) = 1"
VIDEO = "concat(channel, chr(31), video_id)"  # of a channel, as a channel of its own


@dataclass(frozen=True)
class Files:
    """What the reader has; only the first two are needed."""

    touches: Path
    conversions: Path
    users: Path | None = None
    delivered: Path | None = None
    lift_tests: Path | None = None
    channels: Path | None = None


@dataclass(frozen=True)
class Told:
    """What lies in the tables, and what should be said about it."""

    flags: dict[str, Flags]
    delivered: dict[str, tuple[float, float]]
    lift_tests: list[tuple[str, float, float]]
    covariates: list[str]
    notes: list[str]


def read(
    con: duckdb.DuckDBPyConnection,
    files: Files,
    *,
    time_zone: str | None,
    by_video: bool,
) -> Told:
    """told_touches, told_conversions, told_users, null_channels.

    Raises: FileRefused.
    """
    refuse_zone(time_zone)
    notes: list[str] = []
    given = side_files.flags(con, files.channels) if files.channels else None
    ids_told = _touches(con, files, time_zone, given)
    _conversions(con, files.conversions, time_zone)
    covariates = _users(con, files.users, notes)
    notes += _told(con, ids_told, by_video)
    names = [
        str(name)
        for (name,) in con.execute(
            "select unnest(enum_range(cast(null as channel_name)))"
        ).fetchall()
    ]
    flags = {name: (given or {}).get(name) or guessed(name) for name in names}
    if given is None:
        notes += _told_guess(flags)
    con.execute(
        "create or replace temp table null_channels as "
        "select unnest(?::varchar[]) as channel",
        [[name for name, each in flags.items() if each.is_null]],
    )
    return Told(
        flags=flags,
        delivered=side_files.delivered_of(con, files.delivered, names),
        lift_tests=side_files.lift_tests(con, files.lift_tests, flags),
        covariates=covariates,
        notes=notes,
    )


def _touches(
    con: duckdb.DuckDBPyConnection,
    files: Files,
    time_zone: str | None,
    given: dict[str, Flags] | None,
) -> bool:
    """read_touches; without ids the order in the file tells touches of a moment apart.

    Returns whether touches have ids.
    """
    lines(
        con,
        files.touches,
        "touches",
        ("user_id", "touched_at", "channel"),
        ("touch_id", "interaction", "video_id", "watch_share"),
    )
    con.execute(
        "create or replace temp table told_channels as "
        "select unnest(?::varchar[]) as channel",
        [list(given or ())],
    )
    ((ids_told,),) = con.execute(
        "select count(touch_id) > 0 from lines_touches"
    ).fetchall()
    con.execute(
        sql("touch_file/touches").format(
            channels_known="true" if given is not None else "false",
            touch_id=TOUCH_ID if ids_told else "row_number",
            stamp=stamp("at_as_written", time_zone),
        )
    )
    con.execute("drop table lines_touches")
    refuse(con, files.touches, _faults("touch", time_zone))
    return bool(ids_told)


def _told(con: duckdb.DuckDBPyConnection, ids_told: bool, by_video: bool) -> list[str]:
    """told_touches and told_conversions; returns what should be said about them."""
    con.execute(
        sql("touch_file/told_touches").format(
            token=VIDEO if by_video else "channel", once=ONCE if ids_told else ""
        )
    )
    con.execute(sql("touch_file/told_conversions"))
    notes = []
    read_rows, kept = con.execute(
        "select (select count(*) from read_touches), (select count(*) from told_touches)"
    ).fetchall()[0]
    if read_rows > kept:
        notes.append(f"{read_rows - kept} touches told twice, counted once")
    unknown = con.execute(
        "select channel_as_written, count(*) from read_touches "
        f"where channel = '{UNMAPPED}' group by all order by all"
    ).fetchall()
    if unknown:
        listed = ", ".join(
            f"{name} ({count})" if name != UNMAPPED else f"without a name ({count})"
            for name, count in unknown
        )
        notes.append(
            f"credited as {UNMAPPED}, as no channel of that name is known: {listed}"
        )
    con.execute("drop table read_touches; drop table read_conversions")
    return notes


def _conversions(
    con: duckdb.DuckDBPyConnection, path: Path, time_zone: str | None
) -> None:
    needed = ("conversion_id", "user_id", "converted_at", "value")
    lines(con, path, "conversions", needed)
    con.execute(
        sql("touch_file/conversions").format(stamp=stamp("converted_at", time_zone))
    )
    refuse(con, path, _faults("conversion", time_zone))


def _faults(of: str, time_zone: str | None) -> str:
    return sql(f"touch_file/{of}_faults").format(
        zone_given="true" if time_zone else "false", zoned=zoned("at_as_written")
    )


def _users(
    con: duckdb.DuckDBPyConnection, path: Path | None, notes: list[str]
) -> list[str]:
    """told_users; returns the covariates' columns, in lines_users."""
    if path is None:
        con.execute(
            "create or replace temp table lines_users "
            "(row_number bigint, user_id varchar, weight varchar, region varchar)"
        )
        con.execute(sql("touch_file/users"))
        return []
    covariates = lines(con, path, "users", ("user_id",), ("weight", "region"))
    refuse(con, path, sql("touch_file/user_faults"))
    con.execute(sql("touch_file/users"))
    unknown = con.execute(
        "select count(*) from told_users where row_number is null"
    ).fetchone()
    if unknown and unknown[0]:
        notes.append(
            f"{unknown[0]} people with touches or conversions are not in {path}: "
            "counted with weight 1, nothing else known of them"
        )
    return covariates


def _told_guess(flags: dict[str, Flags]) -> list[str]:
    told = []
    for place, name in enumerate(FLAGS):
        members = [c for c, each in flags.items() if each[place]]
        told.append(f"{name}, by name: {', '.join(members) or 'none'}")
    return [*told, "name them in a file with --channels if that is wrong"]
