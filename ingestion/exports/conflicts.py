"""Two files of one account that tell the same thing: which one would be right?

Not here: a key told twice in one file (pieces).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.errors import ExportsConflict
from ingestion.exports.pieces import Piece
from ingestion.spec import Table

_FILE = "_file"
_NUMBER = "_number"


def settled(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of one table and account, without what is told twice alike.

    Studio puts the same Totals.csv into every export: its amounts are counted once. A
    video's day, a deal or a contact may come from one file only.
    Raises: ExportsConflict naming both files.
    """
    if len({each.file for each in pieces}) < 2:
        return list(pieces)
    table = pieces[0].table
    keys = _keys(table)
    told = pa.concat_tables(
        [
            each.rows.select(keys)
            .append_column(_FILE, pa.repeat(pa.scalar(number), each.rows.num_rows))
            .append_column(_NUMBER, pa.array(range(each.rows.num_rows)))
            for number, each in enumerate(pieces)
        ]
    )
    files = told.group_by(keys).aggregate([(_FILE, "min"), (_FILE, "max")])
    twice = files.filter(pc.not_equal(files[f"{_FILE}_min"], files[f"{_FILE}_max"]))
    if not twice.num_rows:
        return list(pieces)
    if table.name != "reported_totals":
        first = twice.sort_by([(key, "ascending") for key in keys]).slice(0, 1)
        raise _conflict(pieces, keys, first.to_pylist()[0])
    return _counted_once(pieces, keys, twice)


def _keys(table: Table) -> list[str]:
    return [key for key in table.grain if key not in ("file", "row_number")]


def _conflict(
    pieces: Sequence[Piece], keys: Sequence[str], row: dict[str, Any]
) -> ExportsConflict:
    one, other = pieces[row[f"{_FILE}_min"]], pieces[row[f"{_FILE}_max"]]
    value = ", ".join(str(row[key]) for key in keys if key != "account_id")
    return ExportsConflict(
        one.file,
        value=value,
        why=f"({', '.join(k for k in keys if k != 'account_id')}) is told by "
        f"{other.file} too, under the same account {one.account}",
        remedy="remove one of the two files, or tell them apart: a folder each, or "
        "`account` in exports.yml",
    )


def _counted_once(
    pieces: Sequence[Piece], keys: Sequence[str], twice: pa.Table
) -> list[Piece]:
    """Amounts told alike stay with the first file; told otherwise they are refused."""
    doubled = {tuple(row[key] for key in keys): row for row in twice.to_pylist()}
    amounts: dict[tuple[Any, ...], dict[int, float]] = {}
    by_piece = [
        list(zip(*(each.rows[key].to_pylist() for key in keys), strict=True))
        for each in pieces
    ]
    for number, each in enumerate(pieces):
        told = zip(by_piece[number], each.rows["amount"].to_pylist(), strict=True)
        for key, amount in told:
            if key in doubled:
                sums = amounts.setdefault(key, {})
                sums[number] = sums.get(number, 0.0) + amount
    for key, sums in amounts.items():
        if len(set(sums.values())) > 1:
            raise _conflict(pieces, keys, doubled[key])
    kept = []
    for number, each in enumerate(pieces):
        mask = [
            key not in amounts or min(amounts[key]) == number
            for key in by_piece[number]
        ]
        kept.append(replace(each, rows=each.rows.filter(pa.array(mask, pa.bool_()))))
    return kept
