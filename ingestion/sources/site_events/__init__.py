"""Site events: what visitors did on the company's own pages, players and sales rooms.

Files of a tracker (Segment's envelope, Snowplow's enriched events; JSON lines or
Parquet) -> raw_site_events.events, one row per line, retries included. E-mail addresses
are hashed on the way in. Not here: one row per message, robots, persons (dbt does).
Layout of the folder, dialects, what is put aside: README.md.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingestion.errors import CredentialMissing, ExportUnreadable, SourceUnreachable
from ingestion.source import Ask, Batch, Rejected
from ingestion.sources.site_events.columns import EVENTS
from ingestion.sources.site_events.files import (
    EventFile,
    event_files,
    known_sizes,
    size_of,
)
from ingestion.sources.site_events.reading import FileRead, Rows
from ingestion.sources.site_events.reading import read as read_files
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api

KEPT_SHARE = 0.8  # a file that comes back smaller than this is not taken for itself
GONE = "files that are gone"

SPEC = SourceSpec(
    name="site_events",
    family="journey",
    title="Site events",
    day_zone="UTC",
    lag_days=0,
    lookback_days=0,  # late events arrive in later files
    # stragglers of earlier days go on arriving in an outage: what counts is when it happened
    fresh_by=("events", "least(event_at, received_at)"),
    tables=(
        Table(
            "events",
            EVENTS,
            grain=("account_id", "file", "row_number"),
            replaced_by=("account_id", "file"),
            is_bulk=True,
        ),
    ),
    settings=(
        Setting("PATH", "folder of the event files", is_secret=False),
        Setting(
            "SITE",
            "their domain; without it, folders named like domains are sites",
            is_secret=False,
            is_required=False,
        ),
    ),
)


def accounts(api: Api) -> Sequence[str]:
    """The sites: the one that was set, or the folders named like domains."""
    return sorted(_sites(api))


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """The files that no run has read yet."""
    return {"events": events(api, ask)}


def events(api: Api, ask: Ask) -> Iterator[Batch]:
    """Rows of new files; one that cannot be read is put aside, the others go on."""
    sites = {a: f for a, f in sorted(_sites(api).items()) if a in ask.accounts}
    identities = {
        (account, file.name): (file, file.identity)
        for account, folder in sites.items()
        for file in event_files(folder, account)
    }
    sizes = known_sizes(ask.seen_files)
    for account in sites:
        yield _gone(account, [n for a, n in sizes.keys() - identities if a == account])
    new = []
    for (account, name), (file, identity) in identities.items():
        if identity in ask.seen_files:
            continue
        size, known = size_of(identity), sizes.get((account, name), 0)
        if size < KEPT_SHARE * known and not (size and api.settings.accept_shrink):
            yield _put_aside(api, file, _shrunk(file, size, known))
        else:
            new.append(file)
    for told in read_files(new, SPEC["events"]):
        if isinstance(told, Rows):
            yield Batch(told.account_id, told.table)
        elif isinstance(told, FileRead):
            file = told.file
            _, identity = identities[file.account_id, file.name]
            put_aside = tuple(told.rejected)
            yield Batch(file.account_id, [], file.name, put_aside, file=identity)
        else:
            # Not marked as read: it is tried again until it is whole or gone.
            yield _put_aside(api, told.file, told.error)


def _gone(account: str, names: Sequence[str]) -> Batch:
    """Files that were read and are no longer there: trackers throw old ones away."""
    if not names:
        return Batch(account, [], GONE)
    first = min(names)
    said = f"and {len(names) - 1} more that were read are gone: their rows stay"
    return Batch(account, [], GONE, (Rejected(GONE, 0, "file", first, said),))


def _shrunk(file: EventFile, size: int, known: int) -> ExportUnreadable:
    """A copy that broke off looks like this; so does a file that began anew."""
    if size == 0:
        return ExportUnreadable(
            file.name,
            why=f"is empty where {known} bytes were read: their rows stay",
            remedy="put it back, or remove it",
        )
    return ExportUnreadable(
        file.name,
        why=f"holds {size} bytes where {known} were read: their rows stay",
        remedy="put it back, or run once with --accept-shrink to take what it holds",
    )


def _put_aside(api: Api, file: EventFile, error: ExportUnreadable) -> Batch:
    target = api.settings.quarantine_dir / SPEC.name / file.account_id / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file.path, target)
    rejected = Rejected(file.name, error.row or 0, "", "", str(error))
    return Batch(file.account_id, [], file.name, (rejected,))


def _sites(api: Api) -> Mapping[str, Path]:
    """Site -> its folder.

    Raises: CredentialMissing, SourceUnreachable with what to set or create.
    """
    settings = api.settings
    if settings.is_simulated:
        folder, site = settings.sandbox_dir / "events", None
    else:
        folder = Path(api.setting("PATH")).expanduser()
        site = api.optional("SITE")
    if not folder.is_dir():
        raise SourceUnreachable(
            f"{SPEC.variable('PATH')}: there is no folder {folder}. Create or mount it"
        )
    if site:
        return {site: folder}
    named = {each.name: each for each in folder.iterdir() if each.is_dir()}
    sites = {name: path for name, path in named.items() if "." in name.strip(".")}
    if not sites and event_files(folder, ""):
        raise CredentialMissing(
            f"{SPEC.variable('SITE')} is not set and {folder} has no folder named like "
            "a domain: set it to the domain whose events these are"
        )
    return sites
