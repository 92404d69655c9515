"""Publish: what readers may see, swapped in as a whole or not at all.

publish() makes a generation from the warehouse's schema `published`: an immutable
DuckDB file, Parquet twins, the report, and a manifest that names them. rollback() goes
back and holds; release() lets go. Readers start from current() or open_snapshot(). The
recipe and what readers may rely on: docs/publish.md.
"""

from warehouse.publish.errors import (
    FolderUnusable,
    GenerationUnknown,
    NothingPublished,
    PublishBusy,
    PublishError,
    PublishHeld,
    PublishRefused,
    ReportFailed,
    SnapshotCorrupt,
)
from warehouse.publish.manifest import (
    Generation,
    Hold,
    Manifest,
    SourceFreshness,
    current,
)
from warehouse.publish.reader import check, generations, held, open_snapshot
from warehouse.publish.rollback import RollbackResult, release, rollback
from warehouse.publish.run import POINTS, PublishResult, publish

__all__ = [
    "POINTS",
    "FolderUnusable",
    "Generation",
    "GenerationUnknown",
    "Hold",
    "Manifest",
    "NothingPublished",
    "PublishBusy",
    "PublishError",
    "PublishHeld",
    "PublishRefused",
    "PublishResult",
    "ReportFailed",
    "RollbackResult",
    "SnapshotCorrupt",
    "SourceFreshness",
    "check",
    "current",
    "generations",
    "held",
    "open_snapshot",
    "publish",
    "release",
    "rollback",
]
