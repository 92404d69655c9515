"""The company, kept beside what it writes: built once, then read again each night.

Only its public records are kept (what the fakes may show, up to the last prepared day), never
the lives they came from. A file of other code, other settings or another numpy is built anew.
"""

import hashlib
import pickle
from functools import cache
from pathlib import Path

import numpy as np

import ingestion.world
from ingestion.world import World, WorldSettings, build

KEPT = ".company"


def kept(settings: WorldSettings, folder: Path) -> World:
    """The world of `settings`, from `folder` where it stands there, else built and kept."""
    maker = f"{_code()} numpy {np.__version__}"
    path = folder / KEPT
    try:
        with path.open("rb") as file:
            found = pickle.load(file)
    except Exception:  # none, torn, or of a version that pickled other classes
        found = None
    if isinstance(found, tuple) and found[:2] == (maker, settings):
        return World(settings=settings, records=found[2])
    world = build(settings)
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        pickle.dump((maker, settings, world.records), file, protocol=5)
    beside.replace(path)
    return world


@cache
def _code() -> str:
    """A digest of the code that makes worlds."""
    folder = Path(ingestion.world.__path__[0])
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
