"""What the stamps of a file say: their zone, or the one that the reader named."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from warehouse.lines import FileRefused


def refuse_zone(time_zone: str | None) -> None:
    try:
        ZoneInfo(time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise FileRefused(
            f"{time_zone} is no time zone: write one like Europe/Berlin or UTC"
        ) from None


def stamp(column: str, time_zone: str | None) -> dict[str, str]:
    """SQL: the UTC time of a stamp, and whether it names its zone."""
    text = (
        f"regexp_replace(regexp_replace(trim({column}), "
        r"'^(.{10}[T ]\d{2}:\d{2})(\s*(Z|z|UTC|[+-].*)?)$', '\1:00\2'), "
        r"'(:\d{2}(\.\d+)?\s*[+-]\d{2})(\d{2})$', '\1:\3')"
    )
    zoned = (
        rf"coalesce(regexp_matches({text}, "
        r"':\d{2}(\.\d+)?\s*(Z|z|UTC|[+-]\d{2}(:\d{2})?)$'), false)"
    )
    bare = (
        f"timezone('UTC', timezone('{time_zone}', try_cast({text} as timestamp)))"
        if time_zone
        else "null"
    )
    return {
        "zoned": zoned,
        "stamp": f"case when {zoned} then "
        f"timezone('UTC', try_cast({text} as timestamptz)) else {bare} end",
    }
