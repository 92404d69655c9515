"""Publish one generation: lock, mend, make, swap, prune.

Every step is announced to `at` when it is done: tests kill the process there. Between
two steps the folder is whole for readers, and the next start mends the rest. The recipe
in words: docs/publish.md; how a generation is made: generation.py.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic

from warehouse.publish.audit import Measured
from warehouse.publish.errors import PublishHeld, PublishRefused, usable
from warehouse.publish.files import At, unobserved
from warehouse.publish.folder import KEEP, Folder
from warehouse.publish.generation import Order, RenderReport, make
from warehouse.publish.manifest import Manifest, SourceFreshness
from warehouse.publish.swap import make_current, recover

POINTS = (
    "locked",
    "swept",
    "copying",  # the first table is copied, the others are not
    "built",
    "audited",
    "sealed",  # snap-<g>.duckdb has its name
    "exporting",  # the first Parquet file is written, the others are not
    "exported",
    "rendered",
    "described",
    "linked",  # the second name of the snapshot is made, current.duckdb is the old one
    "swapped",
    "committed",
    "shown",
    "forgotten",  # the first pruned generation lost its description
    "dropped",
    "pruned",
)


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a publish did. `tables_changed` has today's rows, 0 for a table now gone."""

    generation: int
    is_new: bool
    content_hash: str
    tables_changed: dict[str, int]
    manifest_path: Path
    seconds: float
    repaired: tuple[str, ...] = ()


def publish(
    *,
    warehouse_path: Path,
    published_dir: Path,
    as_of: date,
    sources: Sequence[Mapping[str, object]],
    is_simulated: bool,
    mode: str,
    render_report: RenderReport | None = None,
    report_dir: Path | None = None,
    keep: int = KEEP,
    at: At = unobserved,
) -> PublishResult:
    """Make what the warehouse's schema `published` holds the current generation.

    The same content again makes no generation. `sources` are rows with at least source
    and status (manifest.SourceFreshness); `render_report` gets the new snapshot's path
    and number and returns the page.

    Raises: PublishBusy, PublishHeld, PublishRefused, ReportFailed, FolderUnusable,
    WarehouseLocked, WarehouseCorrupt. After any of them readers have what they had.
    """
    if keep < KEEP:
        raise ValueError(f"keep={keep}: a rollback needs at least {KEEP} generations")
    started = monotonic()
    order = Order(
        warehouse_path=warehouse_path,
        as_of=as_of,
        sources=tuple(SourceFreshness.model_validate(dict(s)) for s in sources),
        is_simulated=is_simulated,
        mode=mode,
        render_report=render_report,
        at=at,
    )
    folder = Folder(published_dir)
    with usable(published_dir), folder.locked():
        at("locked")
        repaired = recover(folder, report_dir)
        number = folder.highest() + 1  # before the sweep: no path is used twice
        folder.sweep(report_dir)
        at("swept")
        current = folder.manifest()
        _respect_hold(folder, current)
        try:
            tables, generation = make(order, folder, number, current)
            if generation is not None:
                previous = current.generation if current else None
                make_current(
                    folder, generation, previous=previous, report_dir=report_dir, at=at
                )
            folder.prune(keep, at=at)
            at("pruned")
        except BaseException as error:
            if isinstance(error, PublishRefused):
                error.current = current.generation if current else None
            with suppress(OSError):  # the next start sweeps what this one could not
                folder.sweep(report_dir)
            raise
    shown = generation or current
    assert shown is not None  # without a current one, every content is new
    return PublishResult(
        generation=shown.generation,
        is_new=generation is not None,
        content_hash=shown.content_hash,
        tables_changed=_changes(current, tables) if generation else {},
        manifest_path=folder.manifest_path,
        seconds=monotonic() - started,
        repaired=repaired,
    )


def _respect_hold(folder: Folder, current: Manifest | None) -> None:
    hold = folder.hold()
    if hold is not None:
        raise PublishHeld(
            reason=hold.reason,
            since=hold.since.isoformat(sep=" ", timespec="minutes"),
            generation=current.generation if current else hold.generation,
        )


def _changes(
    current: Manifest | None, tables: Mapping[str, Measured]
) -> dict[str, int]:
    old = {n: t.content_hash for n, t in current.tables.items()} if current else {}
    gone = {name: 0 for name in old if name not in tables}
    new = {n: t.rows for n, t in tables.items() if t.content_hash != old.get(n)}
    return {**gone, **new}
