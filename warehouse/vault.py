"""The credentials that `playhead auth` keeps: one file that only its owner can read.

Variable name -> value, as in the environment, which wins over it (settings). Beside each
value stand short hashes of those it replaced: a platform that rotates refresh tokens kills
the old one, and whoever was told it, by the environment too, finds its successor here.
Not here: how a token is got or renewed (ingestion/access.py).
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

FILE = "credentials/tokens.json"
OTHERS = 0o077


class VaultError(Exception):
    """The file of credentials cannot be used as it is; the message names the remedy."""


class VaultExposed(VaultError):
    """Somebody else can read it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value, when it ends (seconds since 1970; None: never, or nobody said)."""

    value: str = field(repr=False)
    ends_at: float | None = None
    replaced: tuple[str, ...] = ()

    def succeeds(self, told: str | None) -> bool:
        """Whether this value is the one to use for somebody who was told `told`."""
        return told is not None and (told == self.value or _hash(told) in self.replaced)


@dataclass(frozen=True, slots=True)
class Vault:
    """The file at `path`; nothing is held open, every look reads it anew."""

    path: Path

    def read(self) -> dict[str, Kept]:
        """Variable -> what is kept; empty without a file.

        Raises: VaultExposed where others may read it; VaultError where it is damaged.
        """
        try:
            handle = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return {}
        with os.fdopen(handle, encoding="utf-8") as file:
            mode = os.fstat(handle).st_mode & 0o777
            if mode & OTHERS:
                raise VaultExposed(
                    f"{self.path} holds credentials and others can read it (mode "
                    f"{mode:04o}): `chmod 600 {self.path}`, and where that machine has "
                    "other users, give access again with `playhead auth`"
                )
            try:
                told = json.load(file)
                return {
                    name: Kept(
                        str(each["value"]), each.get("ends_at"), tuple(each["replaced"])
                    )
                    for name, each in told.items()
                }
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise VaultError(
                    f"{self.path} is damaged ({type(error).__name__}): delete it and "
                    "give access again with `playhead auth`"
                ) from None

    def values(self) -> dict[str, str]:
        return {name: kept.value for name, kept in self.read().items()}

    def successor(self, name: str, told: str | None) -> str | None:
        """The value to use where the settings of a run say `told`."""
        kept = self.read().get(name)
        return kept.value if kept is not None and kept.succeeds(told) else told

    def keep(
        self,
        values: Mapping[str, Kept],
        *,
        instead_of: Mapping[str, str] | None = None,
        forget: Iterable[str] = (),
    ) -> None:
        """Write `values`, all or nothing; `instead_of` names values they replace."""
        with self._alone():
            known = self.read()
            for name in forget:
                known.pop(name, None)
            for name, kept in values.items():
                before = known.get(name)
                old = [*(before.replaced if before else ()), *kept.replaced]
                old += [_hash(before.value)] if before else []
                old += [_hash(told) for told in [(instead_of or {}).get(name)] if told]
                gone = {each: None for each in old if each != _hash(kept.value)}
                known[name] = replace(kept, replaced=tuple(gone))
            self._write(known)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time; the folder, made if need be, is its owner's alone."""
        folder = self.path.parent
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _write(self, known: Mapping[str, Kept]) -> None:
        """Beside it, then over it: no moment at which others could read or half is there."""
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            text = {
                name: {
                    "value": kept.value,
                    "ends_at": kept.ends_at,
                    "replaced": list(kept.replaced),
                }
                for name, kept in sorted(known.items())
            }
            json.dump(text, file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(handle)
        temporary.replace(self.path)


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]
