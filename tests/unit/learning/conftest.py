"""A warehouse in memory with the daily counts that learning reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

AS_OF = date(2026, 3, 1)
TABLE = "intermediate.int_learning__suff_stats_daily"
SCHEMA = pa.schema(
    [
        ("data_day", pa.date32()),
        ("video_key", pa.string()),
        ("variant_key", pa.string()),
        ("channel", pa.string()),
        ("objective", pa.string()),
        ("metric", pa.string()),
        ("n", pa.int64()),
        ("k", pa.int64()),
        ("value_usd", pa.float64()),
        ("spend_usd", pa.float64()),
    ]
)


class Stats:
    """Writes daily counts the way dbt would."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        con.execute("create schema intermediate")
        self._insert("create table {} as select * from added", SCHEMA.empty_table())

    def add(
        self,
        variant: str | None,
        daily: list[tuple[int, int]],
        *,
        channel: str = "meta",
        objective: str = "awareness",
        metric: str = "hook_rate",
        value_usd: float = 0.0,
        spend_usd: float = 0.0,
        last_day: date = AS_OF,
        video: str | None = "video",
    ) -> None:
        """Trials and successes of consecutive days, the last of them `last_day`."""
        rows = [
            {
                "data_day": last_day - timedelta(days=len(daily) - 1 - i),
                "video_key": video,
                "variant_key": variant,
                "channel": channel,
                "objective": objective,
                "metric": metric,
                "n": n,
                "k": k,
                "value_usd": value_usd,
                "spend_usd": spend_usd,
            }
            for i, (n, k) in enumerate(daily)
        ]
        incoming = pa.Table.from_pylist(rows, schema=SCHEMA)
        self._insert("insert into {} select * from added", incoming)

    def world(
        self,
        seed: int,
        *,
        variants: int = 40,
        days: int = 100,
        channel: str = "meta",
        metric: str = "hook_rate",
        objective: str = "awareness",
    ) -> None:
        """Variants with steady rates around 25 %, some 200 trials a day each."""
        rng = np.random.default_rng(seed)
        rates = 1 / (1 + np.exp(1.1 - 0.3 * rng.standard_normal(variants)))
        for i, rate in enumerate(rates):
            n = rng.poisson(200, days)
            daily = list(zip(n.tolist(), rng.binomial(n, rate).tolist(), strict=True))
            self.add(
                f"v{i:03d}",
                daily,
                channel=channel,
                metric=metric,
                objective=objective,
                spend_usd=2.0,
            )

    def table(self, name: str) -> list[dict[str, object]]:
        """All rows of a table, in a fixed order."""
        rows = self.con.sql(f"select * from analysis.{name} order by all")
        return rows.to_arrow_table().to_pylist()

    def _insert(self, statement: str, added: pa.Table) -> None:
        self.con.register("added", added)
        self.con.execute(statement.format(TABLE))
        self.con.unregister("added")


@pytest.fixture
def stats() -> Iterator[Stats]:
    con = duckdb.connect()
    yield Stats(con)
    con.close()
