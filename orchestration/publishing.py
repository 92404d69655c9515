"""Publish what the warehouse holds: the one call that the asset and the verb share."""

from ingestion.clock import read_clock
from orchestration.resources import Dbt
from warehouse import db
from warehouse.publish import PublishError, PublishResult, publish
from warehouse.report.render import render
from warehouse.settings import Settings


class Unfinished(PublishError):
    """What the warehouse holds was not made and checked to the end."""


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


def refuse_unfinished(settings: Settings) -> None:
    """Nothing is published by hand that a run did not make and check to the end.

    Raises: Unfinished; DbtFailed; WarehouseError; FileNotFoundError before a run.
    """
    waiting = Dbt(settings).unfinished()
    if waiting:
        named = ", ".join(waiting[:3]) + (" ..." if len(waiting) > 3 else "")
        raise Unfinished(
            f"{len(waiting)} models and checks do not stand as the warehouse's rows "
            f"would make them ({named}): the last run broke off, or a check failed. "
            "Nothing was published; `playhead run` makes and checks them."
        )


def source_status(settings: Settings) -> list[dict[str, object]]:
    """Freshness of each source, for the manifest."""
    with db.reader(settings.warehouse_path) as con:
        rows = con.sql(
            "select source, status, family, last_date, expected_date, reason, load_id "
            "from meta.source_status order by source"
        )
        return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]
