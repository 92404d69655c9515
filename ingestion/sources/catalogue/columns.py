"""Columns of the catalogue's raw tables, taken from the models so that they are said once."""

from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pyarrow as pa

from ingestion.sources.catalogue.models import FILES, Entry
from ingestion.spec import DATE, FLOAT, INT, MONEY, TEXT, Columns

_TYPES: dict[Any, pa.DataType] = {str: TEXT, date: DATE, Decimal: MONEY, float: FLOAT}


def _kind(annotation: Any) -> pa.DataType:
    """The column type of `date`, `date | None` or an annotated one."""
    if annotation in _TYPES:
        return _TYPES[annotation]
    return _kind(next(a for a in get_args(annotation) if a is not type(None)))


def _columns(model: type[Entry]) -> Columns:
    return {
        "account_id": TEXT,
        "row_number": INT,  # line in the file
        **{name: _kind(field.annotation) for name, field in model.model_fields.items()},
    }


def _grain(model: type[Entry]) -> tuple[str, ...]:
    """The key, where all of it must be filled in; else the line."""
    fields = model.model_fields
    if model.key and all(fields[name].is_required() for name in model.key):
        return ("account_id", *model.key)
    return ("account_id", "row_number")


COLUMNS: dict[str, Columns] = {name: _columns(model) for name, model in FILES.items()}
GRAINS: dict[str, tuple[str, ...]] = {n: _grain(model) for n, model in FILES.items()}
