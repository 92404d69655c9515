"""All sources, found by walking `sources/`: folder name == SPEC.name."""

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

import ingestion.sources
from ingestion.source import SourceModule


@cache
def sources() -> MappingProxyType[str, SourceModule]:
    """Name -> module, in alphabetical order.

    Raises: ValueError when a folder's SPEC carries another name (rename one of them).
    """
    found: dict[str, SourceModule] = {}
    for info in sorted(
        pkgutil.iter_modules(ingestion.sources.__path__), key=lambda i: i.name
    ):
        module = importlib.import_module(f"ingestion.sources.{info.name}")
        if module.SPEC.name != info.name:
            raise ValueError(
                f"sources/{info.name} declares the name {module.SPEC.name!r}: "
                "folder and SPEC.name must be the same"
            )
        found[info.name] = module
    return MappingProxyType(found)
