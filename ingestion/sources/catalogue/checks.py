"""What rows of the catalogue must share with each other: keys, references, one meaning.

Not here: what one row must hold by itself (models.py).
"""

from collections.abc import Mapping, Sequence

from ingestion.errors import CatalogueInvalid
from ingestion.source import Row
from ingestion.sources.catalogue.models import FILES


def check_together(folder: str, files: Mapping[str, Sequence[Row]]) -> None:
    """Raises: CatalogueInvalid for the first row that contradicts another."""
    for name, rows in files.items():
        _unique(f"{folder}/{name}.csv", rows, FILES[name].key)
    known = {
        name: {row[FILES[name].key[0]] for row in files[name]}
        for name in ("videos", "variants")
    }
    for name, rows in files.items():
        for column, master in FILES[name].refers.items():
            _refers(f"{folder}/{name}.csv", rows, column, master, known[master])
    costs = f"{folder}/production_costs.csv"
    _own_variants(costs, files["production_costs"], files["variants"])
    _adaptation_once(costs, files["production_costs"], files["variants"])
    _one_meaning(f"{folder}/placements.csv", files["placements"])


def _unique(path: str, rows: Sequence[Row], key: tuple[str, ...]) -> None:
    """A key stands once; where rows have none, no row stands twice as a whole."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        names = key or sorted(row.keys() - {"row_number"})
        parts = tuple(row[name] for name in names)
        first = seen.setdefault(parts, row["row_number"])
        if first != row["row_number"]:
            given = [str(part) for part in parts if part is not None]
            apart = "" if key else ", or tell them apart in a column note"
            raise CatalogueInvalid(
                path,
                row=row["row_number"],
                value=", ".join(given) if key else "this row",
                why=f"stands in row {first} already",
                remedy=f"remove one{apart}",
            )


def _refers(
    path: str, rows: Sequence[Row], column: str, master: str, known: set[str]
) -> None:
    for row in rows:
        if row[column] is not None and row[column] not in known:
            raise CatalogueInvalid(
                path,
                row=row["row_number"],
                value=row[column],
                why=f"in column {column} is not in {master}.csv",
                remedy=f"add it to {master}.csv, or correct it",
            )


def _own_variants(path: str, costs: Sequence[Row], variants: Sequence[Row]) -> None:
    video_of = {row["variant_id"]: row["video_id"] for row in variants}
    for row in costs:
        variant = row["variant_id"]
        if variant is not None and video_of[variant] != row["video_id"]:
            raise CatalogueInvalid(
                path,
                row=row["row_number"],
                value=variant,
                why=f"is a variant of {video_of[variant]}, not of {row['video_id']}",
                remedy="correct one of the two",
            )


def _adaptation_once(path: str, costs: Sequence[Row], variants: Sequence[Row]) -> None:
    """The cost of an adaptation is told in one of two places, else it counts twice."""
    told = {row["variant_id"] for row in variants if row["adaptation_cost"] is not None}
    for row in costs:
        if row["category"] == "adaptation" and row["variant_id"] in told:
            raise CatalogueInvalid(
                path,
                row=row["row_number"],
                value=row["variant_id"],
                why="has its adaptation_cost in variants.csv already",
                remedy="keep one of the two",
            )


def _one_meaning(path: str, rows: Sequence[Row]) -> None:
    """A platform's object on a page, and a tag, belong to one placement.

    Otherwise a view or a visit could not be told to one variant.
    """
    places = ("platform", "platform_account_id", "platform_object_id", "page_path")
    tags: dict[str, int] = {}
    objects: dict[tuple[str | None, ...], int] = {}
    for row in rows:
        number, tag = row["row_number"], row["tag"]
        if tag is not None and tags.setdefault(tag, number) != number:
            raise CatalogueInvalid(
                path,
                row=number,
                value=tag,
                why=f"is the tag of row {tags[tag]} already",
                remedy="give each placement a tag of its own, or leave it empty",
            )
        place = tuple(row[name] for name in places)
        if row["platform_object_id"] is None:
            continue
        if objects.setdefault(place, number) != number:
            raise CatalogueInvalid(
                path,
                row=number,
                value=row["platform_object_id"],
                why=f"is placed by row {objects[place]} already",
                remedy="remove one: what a platform shows is one placement",
            )
