"""Short questions to a warehouse."""

from typing import Any

import duckdb

Con = duckdb.DuckDBPyConnection


def one(con: Con, sql: str) -> Any:
    """The only value of the only row."""
    ((value,),) = con.sql(sql).fetchall()
    return value
