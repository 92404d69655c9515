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


def stamp(column: str, time_zone: str | None) -> str:
    """SQL: the UTC time of a stamp; null where it cannot be told.

    Nearly every stamp is of one of two kinds, which are told without an expression.
    """
    is_bare = (
        f"(substr({column}, 17, 1) = ':' and (length({column}) = 19 or "
        f"(substr({column}, 20, 1) = '.' and try_cast(substr({column}, 20) as double) >= 0)))"
    )
    in_utc = f"(substr({column}, 17, 1) = ':' and substr({column}, 20) = 'Z')"
    full = _full(column)
    return (
        f"case when {in_utc} then try_cast(left({column}, 19) as timestamp) "
        f"when {is_bare} then {_named(column, time_zone)} "
        f"when {zoned(column)} then timezone('UTC', try_cast({full} as timestamptz)) "
        f"else {_named(full, time_zone)} end"
    )


def zoned(column: str) -> str:
    """SQL: whether a stamp names its zone."""
    return (
        rf"coalesce(regexp_matches({_full(column)}, "
        r"':\d{2}(\.\d+)?\s*(Z|z|UTC|[+-]\d{2}(:\d{2})?)$'), false)"
    )


def _full(column: str) -> str:
    """SQL: with the seconds and the colon of an offset that people leave out."""
    return (
        f"regexp_replace(regexp_replace({column}, "
        r"'^(.{10}[T ]\d{2}:\d{2})(\s*(Z|z|UTC|[+-].*)?)$', '\1:00\2'), "
        r"'(:\d{2}(\.\d+)?\s*[+-]\d{2})(\d{2})$', '\1:\3')"
    )


def _named(text: str, time_zone: str | None) -> str:
    """SQL: the UTC time of a stamp without a zone, in the zone that the reader named."""
    if time_zone is None:
        return "null"
    if time_zone == "UTC":
        return f"try_cast({text} as timestamp)"
    return f"timezone('UTC', timezone('{time_zone}', try_cast({text} as timestamp)))"
