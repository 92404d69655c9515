"""Rules: each a file of sql/rules, an expression for a touch's share of its conversion.

`offered` computes all shares in one pass over the touches and names them in temporary
relations, which credits.sql and channels.sql read. A new file is a new method.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import duckdb

from warehouse.attribution.queries import SQL, sql

KEPT = "path_id, touch_id, position, channel, video_key, variant_key, placement_key"


@cache
def rules() -> tuple[str, ...]:
    """Names of the rule methods: the files of sql/rules."""
    return tuple(sorted(path.stem for path in (SQL / "rules").glob("*.sql")))


@contextmanager
def offered(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[None]:
    """`rule_methods`, `touch_credits` and `rule_sums`, for as long as it lasts."""
    listed = ", ".join(f"('{name}')" for name in names)
    con.execute(
        "create or replace temp view rule_methods as "
        f"select * from (values {listed}) as methods (method)"
    )
    con.execute(f"create or replace temp table rule_shares as {shares(names)}")
    con.execute(f"create or replace temp view touch_credits as {credits(names)}")
    con.execute(f"create or replace temp table rule_sums as {sums(names)}")
    yield
    con.execute("drop view temp.touch_credits")
    con.execute("drop view temp.rule_methods")
    con.execute("drop table temp.rule_sums")
    con.execute("drop table temp.rule_shares")


def shares(names: Sequence[str]) -> str:
    """SQL: one row per touch of a converting path, one column per rule."""
    columns = ",\n".join(f"{sql(f'rules/{name}')} as {name}_share" for name in names)
    return f"select {KEPT},\n{columns}\nfrom (\n{sql('touches')}) as touches"


def credits(names: Sequence[str]) -> str:
    """SQL: one row per rule and touch."""
    return "\nunion all\n".join(
        f"select '{name}' as method, {KEPT}, {name}_share as share from rule_shares"
        for name in names
    )


def sums(names: Sequence[str]) -> str:
    """SQL: one row per rule, conversion type and channel, summed as decimals."""
    both = ", ".join(
        f"sum(cast({name}_share * conversions.conversions as decimal(38, 18))) "
        f"as {name}_conversions, "
        f"sum(cast({name}_share * cast(coalesce(conversions.value_usd, 0) as double) "
        f"as decimal(38, 12))) as {name}_value"
        for name in names
    )
    wide = (
        f"select conversions.conversion_type, shares.channel, {both} "
        "from rule_shares as shares inner join attribution_conversions as conversions "
        "on shares.path_id = conversions.conversion_id "
        "group by conversions.conversion_type, shares.channel"
    )
    rows = "\nunion all\n".join(
        f"select '{name}' as method, conversion_type, channel, "
        f"{name}_conversions as conversions, {name}_value as value_usd from wide"
        for name in names
    )
    return f"with wide as ({wide})\n{rows}"
