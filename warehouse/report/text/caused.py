"""What would not have come otherwise, and why last touch disagrees."""

from collections.abc import Collection, Sequence

from warehouse.report import words
from warehouse.report.model import ALL, Caused, CausedLeads
from warehouse.report.numbers import plural, two
from warehouse.report.text.common import UNKNOWN, named

LEAST_GAP = 5.0  # leads: below it two methods say the same


def name(one: Caused) -> str:
    """A channel, or a video of it."""
    channel = words.channel(one.channel)
    if one.video_key == ALL:
        return channel
    return f"{named(one.title or one.video_key, 40)} in {channel}"


def label(one: Caused) -> str:
    """The same for the side of a chart."""
    channel = words.channel(one.channel)
    return (
        channel if one.video_key == ALL else f"{channel}: {one.title or one.video_key}"
    )


def span(one: Caused | CausedLeads) -> str:
    return f"between {two(one.low)} and {two(one.high)}"


def whole(found: CausedLeads | None) -> str:
    if found is None:
        return (
            f"How many leads would not have come otherwise {UNKNOWN}: too few of them came "
            "about in a visit that was seen, and nothing is switched by region."
        )
    return (
        f"Of {plural(round(found.leads), 'lead')} on record, about {two(found.caused)} would "
        f"not have come without what is listed here ({span(found)}). The others would have "
        "come anyway, as far as the record can show."
    )


def overrated(rows: Sequence[Caused], paid: Collection[str]) -> str | None:
    """What one pays for and last touch gives most beyond the upper end of what it added."""
    found = [(one.last - one.high, one) for one in rows if one.channel in paid]
    return _disagreement(
        found, "people who had made up their mind passed it on their way in"
    )


def underrated(rows: Sequence[Caused]) -> str | None:
    """What surely added most beyond what last touch gives it."""
    found = [(one.low - one.last, one) for one in rows]
    return _disagreement(
        found, "people watch, do not click, and come later by search or by the address"
    )


def _disagreement(found: Sequence[tuple[float, Caused]], why: str) -> str | None:
    """`found`: by how many leads the interval and last touch lie apart."""
    wide = [each for each in found if each[0] >= LEAST_GAP]
    if not wide:
        return None
    _, one = max(wide, key=lambda each: (each[0], each[1].channel))
    _, seen = words.EVIDENCE[one.evidence]
    return (
        f"Last touch gives {name(one)} {_leads(one.last)}. Seen {seen}, it added about "
        f"{two(one.leads)} ({span(one)}; evidence {one.grade}): {why}."
    )


def finding(rows: Sequence[Caused]) -> str:
    """The chart's title."""
    sure = [one for one in rows if one.low > 0]
    by_video = {one.channel for one in sure if one.video_key != ALL}
    shown = [
        name(one) for one in sure if one.video_key != ALL or one.channel not in by_video
    ]
    if not shown:
        return (
            "No channel can be shown to have brought a lead that would not have come."
        )
    verb = "is" if len(shown) == 1 else "are"
    return f"{' and '.join(shown[:3])} {verb} surely worth more than nothing."


def _leads(number: float) -> str:
    return plural(round(number), "lead") if round(number) else "no lead"
