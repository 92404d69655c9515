"""Which generation is current: the swap, the commit record, and their repair.

Order: `current.duckdb`, then `manifest.json` (the commit), then the report's front
page. A kill between two of them is mended by `recover` at the next start, forwards:
whatever `current.duckdb` already is has passed the audit.
"""

from pathlib import Path

from warehouse.publish.errors import SnapshotCorrupt
from warehouse.publish.files import At, point, unobserved, verify, write
from warehouse.publish.folder import INDEX, Folder
from warehouse.publish.manifest import Generation, Manifest, to_bytes


def make_current(
    folder: Folder,
    generation: Generation,
    *,
    previous: int | None,
    report_dir: Path | None,
    at: At = unobserved,
) -> Manifest:
    """Swap, commit, show. The caller holds the lock and has verified the files."""
    point(folder.current_path, folder.database(generation.generation), at=at)
    at("swapped")
    manifest = _commit(folder, generation, previous=previous)
    at("committed")
    show(folder, manifest, report_dir)
    at("shown")
    return manifest


def show(folder: Folder, manifest: Manifest, report_dir: Path | None) -> bool:
    """Let `index.html` be the current generation's report; True if it was not.

    A generation that has no report has no front page either: an older one would lie.
    """
    if report_dir is None:
        return False
    page = report_dir / INDEX
    shown = page.read_bytes() if page.exists() else None
    if manifest.report is None:
        page.unlink(missing_ok=True)
        return shown is not None
    wanted = (folder.path / manifest.report.file).read_bytes()
    if shown == wanted:
        return False
    report_dir.mkdir(parents=True, exist_ok=True)
    write(page, wanted, mode=0o644)
    return True


def recover(folder: Folder, report_dir: Path | None = None) -> tuple[str, ...]:
    """Make manifest, `current.duckdb` and front page agree; say what was mended.

    Only under the lock. What `current.duckdb` is counts; where it is missing or
    strange, the manifest counts; where that is unreadable too, the newest sound
    generation.
    """
    manifest = folder.manifest()
    live = folder.live()
    mended = []
    for candidate in _candidates(folder, manifest, live):
        own = folder.described(candidate)
        described = own or _as_described(manifest, candidate)
        if described is None:
            continue
        agrees = manifest is not None and _same(manifest, described)
        if live == candidate and agrees and own:
            break
        if not is_sound(folder, described):
            continue
        if own is None:
            write(folder.description(candidate), to_bytes(described))
            mended.append(f"snap-{candidate}.json is written again")
        if live != candidate:
            point(folder.current_path, folder.database(candidate))
            mended.append(f"current.duckdb is generation {candidate} again")
        if not agrees:
            manifest = _commit(folder, described, previous=before(folder, candidate))
            mended.append(f"manifest.json names generation {candidate} again")
        break
    if (
        manifest is not None
        and _report_exists(folder, manifest)
        and show(folder, manifest, report_dir)
    ):
        mended.append(f"{INDEX} shows generation {manifest.generation} again")
    return tuple(mended)


def before(folder: Folder, generation: int) -> int | None:
    """The generation a rollback from `generation` leads to.

    That is what was current when it was published, not the next lower number: that one
    may be the very generation somebody rolled back from.
    """
    manifest = folder.manifest()
    kept = [number for number in folder.kept() if number < generation]
    if manifest is not None and manifest.generation in kept:
        return manifest.generation
    return kept[-1] if kept else None


def is_sound(folder: Folder, described: Generation) -> bool:
    """Whether every file of the generation has the bytes it was published with."""
    try:
        for entry in described.files:
            verify(folder.path, entry)
    except SnapshotCorrupt:
        return False
    return True


def _commit(
    folder: Folder, generation: Generation, *, previous: int | None
) -> Manifest:
    known = folder.manifest()
    newest = known.newest if known else max(folder.kept(), default=0)
    manifest = Manifest.of(
        generation, previous=previous, newest=max(newest, generation.generation)
    )
    write(folder.manifest_path, to_bytes(manifest))
    return manifest


def _candidates(
    folder: Folder, manifest: Manifest | None, live: int | None
) -> list[int]:
    first = [live] if live is not None else []
    second = [manifest.generation] if manifest else []
    return list(dict.fromkeys([*first, *second, *reversed(folder.kept())]))


def _as_described(manifest: Manifest | None, generation: int) -> Generation | None:
    if manifest is None or manifest.generation != generation:
        return None
    return Generation.model_validate(manifest.model_dump())


def _same(manifest: Manifest, described: Generation) -> bool:
    return described == _as_described(manifest, described.generation)


def _report_exists(folder: Folder, manifest: Manifest) -> bool:
    return manifest.report is None or (folder.path / manifest.report.file).exists()
