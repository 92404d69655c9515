"""Publish and report: the audited snapshot that readers open, and the page beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.keys import REPORT, SNAPSHOT, WRITER
from orchestration.publishing import publish_now
from warehouse.settings import Settings


def publish_assets(published: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The last two assets, downstream of every model of schema `published`."""

    @dg.multi_asset(
        name="publish",
        specs=[
            dg.AssetSpec(SNAPSHOT, deps=published, group_name="publish"),
            dg.AssetSpec(REPORT, deps=[SNAPSHOT], group_name="report"),
        ],
        pool=WRITER,
    )
    def swap(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
        """Swapped in whole, only after every blocking check has passed."""
        result = publish_now(settings)
        metadata: dict[str, Any] = {
            "generation": result.generation,
            "is_new": result.is_new,
            "tables_changed": result.tables_changed,
        }
        yield dg.MaterializeResult(asset_key=SNAPSHOT, metadata=metadata)
        page = str(settings.report_dir / "index.html")
        yield dg.MaterializeResult(asset_key=REPORT, metadata={"page": page})

    return swap
