"""The leads that are to be explained, in one order for everything that follows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.attribution.queries import sql

VIEW = "nightly_leads"


@dataclass(frozen=True)
class Leads:
    """Shape: all (leads,). `region` as the CRM names it, '' where it does not.

    Units: `day` whole days since `first_day`, the oldest lead's.
    """

    ids: NDArray[np.object_]
    region: NDArray[np.object_]
    day: NDArray[np.int64]
    first_day: date
    last_day: date

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def midnight(self) -> float:
        """Seconds since 1970 of the first day's midnight."""
        return datetime.combine(self.first_day, time(), UTC).timestamp()


def leads(con: duckdb.DuckDBPyConnection, as_of: date) -> Leads | None:
    """All leads of the attribution period until `as_of`; None where there are none.

    Leaves the temporary table `nightly_leads` (leads.sql) for what joins it.
    """
    con.execute(
        f"create or replace temp table {VIEW} as {sql('nightly/leads')} "
        "and cast(conversions.converted_at as date) <= ?",
        [as_of],
    )
    told = con.execute(
        f"select conversion_id, coalesce(region, '') as region, converted_date, "
        f"converted_date - min(converted_date) over () as day "
        f"from {VIEW} order by conversion_id"
    ).fetchall()
    if not told:
        return None
    return Leads(
        ids=np.array([row[0] for row in told], dtype=object),
        region=np.array([row[1] for row in told], dtype=object),
        day=np.array([row[3] for row in told], dtype=np.int64),
        first_day=min(row[2] for row in told),
        last_day=as_of,
    )
