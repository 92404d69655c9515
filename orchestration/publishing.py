"""Publish what the warehouse holds: the one call that the asset and the verb share."""

from ingestion.clock import read_clock
from warehouse import db
from warehouse.publish import PublishResult, publish
from warehouse.report.render import render
from warehouse.settings import Settings


def publish_now(settings: Settings) -> PublishResult:
    """Audit, swap in, and write the page. Raises: PublishError, WarehouseError."""
    return publish(
        warehouse_path=settings.warehouse_path,
        published_dir=settings.published_dir,
        as_of=read_clock(settings),
        sources=source_status(settings),
        is_simulated=settings.is_simulated,
        mode=settings.mode,
        render_report=render,
        report_dir=settings.report_dir,
    )


def source_status(settings: Settings) -> list[dict[str, object]]:
    """Freshness of each source, for the manifest."""
    with db.reader(settings.warehouse_path) as con:
        rows = con.sql(
            "select source, status, family, last_date, expected_date, reason, load_id "
            "from meta.source_status order by source"
        )
        return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]
