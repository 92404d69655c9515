"""Frame: a small table of numpy columns, the only shape in which the world hands things out.

Text columns may be held as codes into a list of words, or as 64-bit keys printed in hex, so that
a quarter of a million rows cost a few megabytes; reading a column always gives a plain array
(text: object array of str, None where there is nothing). Not here: what any table means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def text(values: Any) -> Array:
    """An object array of str; keeps None as None."""
    listed = list(values)
    out = np.empty(len(listed), dtype=object)
    out[:] = listed
    return out


@dataclass(frozen=True)
class Coded:
    """A text column as codes into a list of words; code -1 is None."""

    codes: Array
    words: Array

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, index: Array) -> Coded:
        return Coded(self.codes[index], self.words)

    def array(self) -> Array:
        lookup = np.empty(len(self.words) + 1, dtype=object)
        lookup[: len(self.words)] = self.words
        return lookup[self.codes]  # -1 reaches the last cell, which holds None


@dataclass(frozen=True)
class HexKeys:
    """A text column of 64-bit keys, printed as a prefix and 16 hex digits; key 0 is None."""

    keys: Array
    prefix: str = ""

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, index: Array) -> HexKeys:
        return HexKeys(self.keys[index], self.prefix)

    def array(self) -> Array:
        prefix = self.prefix
        return text(
            [f"{prefix}{key:016x}" if key else None for key in self.keys.tolist()]
        )


Column = Array | Coded | HexKeys


@dataclass(frozen=True)
class Frame:
    """Columns of equal length, sorted by the key that the table is asked by."""

    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(
                f"columns differ in length: {lengths}; build them from one index"
            )

    def __len__(self) -> int:
        return next((len(column) for column in self.columns.values()), 0)

    def __getitem__(self, name: str) -> Array:
        column = self.columns[name]
        return column.array() if isinstance(column, Coded | HexKeys) else column

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns)

    def take(self, index: Array) -> Frame:
        return Frame(
            {
                name: column.take(index)
                if isinstance(column, Coded | HexKeys)
                else column[index]
                for name, column in self.columns.items()
            }
        )

    def where(self, mask: Array) -> Frame:
        return self.take(np.flatnonzero(mask))

    def sort(self, *names: str) -> Frame:
        """Sorted by the first name, then by the next; equal rows keep their order."""
        order = np.lexsort([self._sortable(name) for name in reversed(names)])
        return self.take(order)

    def replaced(self, **columns: Column) -> Frame:
        return Frame({**self.columns, **columns})

    def without(self, *names: str) -> Frame:
        return Frame({name: c for name, c in self.columns.items() if name not in names})

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows as dicts of plain Python values; for small tables."""
        listed = {name: self[name].tolist() for name in self.columns}
        for i in range(len(self)):
            yield {name: values[i] for name, values in listed.items()}

    def digest(self) -> str:
        """A hash of integer, boolean and text columns (floats may differ in the last bit)."""
        total = hashlib.blake2b(digest_size=16)
        for name in sorted(self.columns):
            column = self.columns[name]
            total.update(name.encode())
            if isinstance(column, HexKeys):
                total.update(np.ascontiguousarray(column.keys).tobytes())
            else:
                values = self[name]
                if values.dtype.kind == "O":
                    total.update("\x1f".join(map(str, values.tolist())).encode())
                elif values.dtype.kind in "iub":
                    total.update(np.ascontiguousarray(values).tobytes())
        return total.hexdigest()

    def _sortable(self, name: str) -> Array:
        values = self[name]
        return values.astype(str) if values.dtype.kind == "O" else values


def stack(frames: list[Frame]) -> Frame:
    """Rows of several frames with the same columns, one after the other (text is decoded)."""
    return Frame(
        {name: np.concatenate([f[name] for f in frames]) for name in frames[0].names}
    )
