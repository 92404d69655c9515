"""The catalogue: what the marketing team alone knows of its videos, in CSV files.

<folder>/videos.csv, variants.csv, placements.csv ...  ->  raw_catalogue, one table per file,
replaced whole by every load. Not here: channel names and money in USD (dbt does those).
The files and their columns: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ingestion.source import Ask, Batch, Row
from ingestion.sources.catalogue.columns import COLUMNS, GRAINS
from ingestion.sources.catalogue.files import ACCOUNT, read_folder
from ingestion.spec import SourceSpec, Table
from ingestion.transport import Api

SPEC = SourceSpec(
    name="catalogue",
    family="own",
    title="The catalogue",
    day_zone="UTC",
    lag_days=0,
    lookback_days=0,
    tables=tuple(
        Table(name, columns, grain=GRAINS[name]) for name, columns in COLUMNS.items()
    ),
)


def accounts(api: Api) -> Sequence[str]:
    """One: the folder."""
    return (ACCOUNT,)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All files of the folder; nothing is handed over unless all of them are right."""

    @cache
    def files() -> Mapping[str, list[Row]]:
        return read_folder(api.settings.catalogue_dir)

    def table(name: str) -> Iterator[Batch]:
        yield Batch(ACCOUNT, files()[name], f"{name}.csv")

    return {name: table(name) for name in COLUMNS}
