"""Rules: each a file of sql/rules, an expression for a touch's share of its conversion.

`offered` computes all shares in one pass over the touches and names them in temporary
relations, which credits.sql and channels.sql read; `summed` has no need of credits by touch.
A new file is a new method.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import duckdb

from warehouse.attribution.queries import SQL, sql

ADDED = (  # columns of touches.sql that a path's touches together tell
    "named_touches",
    "last_named_position",
    "channels_of_path",
    "first_of_channel",
    "touches_of_channel",
    "decayed",
)
KEPT = "path_id, touch_id, position, channel, video_key, variant_key, placement_key"


@cache
def rules() -> tuple[str, ...]:
    """Names of the rule methods: the files of sql/rules."""
    return tuple(sorted(path.stem for path in (SQL / "rules").glob("*.sql")))


@contextmanager
def offered(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[None]:
    """`rule_methods`, `touch_credits` and `rule_sums`, for as long as it lasts."""
    con.execute(f"create or replace temp table rule_shares as {shares(names)}")
    con.execute(f"create or replace temp view touch_credits as {credits(names)}")
    with summed(con, names, "rule_shares"):
        yield
    con.execute("drop view temp.touch_credits")
    con.execute("drop table temp.rule_shares")


@contextmanager
def summed(
    con: duckdb.DuckDBPyConnection, names: Sequence[str], source: str | None = None
) -> Iterator[None]:
    """`rule_methods` and `rule_sums`, where no touch's credit is asked for."""
    listed = ", ".join(f"('{name}')" for name in names)
    con.execute(
        "create or replace temp view rule_methods as "
        f"select * from (values {listed}) as methods (method)"
    )
    told = sums(names, source or f"({shares(names)})")
    con.execute(f"create or replace temp table rule_sums as {told}")
    yield
    con.execute("drop table temp.rule_sums")
    con.execute("drop view temp.rule_methods")


def shares(names: Sequence[str]) -> str:
    """SQL: one row per touch of a converting path, one column per rule."""
    told = {name: sql(f"rules/{name}") for name in names}
    columns = ",\n".join(f"{text} as {name}_share" for name, text in told.items())
    plain = "select * from attribution_paths where is_converted"
    asked = any(column in text for text in told.values() for column in ADDED)
    touches = sql("touches") if asked else plain
    return f"select {KEPT},\n{columns}\nfrom (\n{touches}) as touches"


def credits(names: Sequence[str]) -> str:
    """SQL: one row per rule and touch."""
    return "\nunion all\n".join(
        f"select '{name}' as method, {KEPT}, {name}_share as share from rule_shares"
        for name in names
    )


def sums(names: Sequence[str], source: str = "rule_shares") -> str:
    """SQL: one row per rule, conversion type and channel, summed as decimals.

    A share of 0 is not cast: that is most of what a sum of decimals costs.
    """
    value = "cast(coalesce(conversions.value_usd, 0) as double)"
    both = ", ".join(
        f"{_sum(name, what, scale)} as {name}_{column}"
        for name in names
        for what, scale, column in (
            ("conversions.conversions", 18, "conversions"),
            (value, 12, "value"),
        )
    )
    wide = (
        f"select conversions.conversion_type, shares.channel, {both} "
        f"from {source} as shares inner join attribution_conversions as conversions "
        "on shares.path_id = conversions.conversion_id "
        "where conversions.conversions > 0 "  # of counted paths most never converted
        "group by conversions.conversion_type, shares.channel"
    )
    rows = "\nunion all\n".join(
        f"select '{name}' as method, conversion_type, channel, "
        f"{name}_conversions as conversions, {name}_value as value_usd from wide"
        for name in names
    )
    return f"with wide as ({wide})\n{rows}"


def _sum(name: str, what: str, scale: int) -> str:
    credit = f"cast({name}_share * {what} as decimal(38, {scale}))"
    return f"coalesce(sum(case when {name}_share > 0 then {credit} end), 0)"
