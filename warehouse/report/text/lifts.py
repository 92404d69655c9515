"""Lift tests: what they are called, how they were made, which of them count."""

from collections.abc import Sequence

from warehouse.report import words
from warehouse.report.model import LiftTest
from warehouse.report.numbers import NONE, listed, plural, short_day
from warehouse.report.text.common import named


def name(one: LiftTest) -> str:
    channel = words.channel(one.channel)
    return f"{named(one.name, 40)}: {channel}" if one.name else channel


def how(one: LiftTest) -> str:
    if one.kind == "holdout":
        return "some people never saw it"
    switched = "off" if one.is_switched_off else "on"
    return f"{switched} in {plural(one.regions, 'region')}"


def days(one: LiftTest) -> str:
    if one.start is None or one.end is None:
        return NONE
    return f"{short_day(one.start)} to {short_day(one.end)}"


def counts(one: LiftTest) -> str:
    if one.is_used:
        return "yes, against the rest" if one.is_conflict else "yes"
    why = one.unused_because or ""
    return f"no: {words.UNUSED_TESTS.get(why, why.replace('_', ' '))}"


def kept(found: Sequence[LiftTest]) -> str:
    used = sum(one.is_used for one in found)
    verb = "corrects" if used < 2 else "correct"
    tests = plural(len(found), "lift test")
    if used == len(found):
        return f"{tests} {verb} these figures."
    if len(found) == 1:
        return f"{tests} is kept, and corrects none of these figures."
    return f"Of {tests} kept, {used or 'none'} {verb} these figures."


def conflict(found: Sequence[LiftTest]) -> str | None:
    """What two kinds of evidence can't both be right about."""
    channels = sorted({words.channel(one.channel) for one in found if one.is_conflict})
    if not channels:
        return None
    return (
        f"The tests of {listed(channels)} lie further from what else is known of it "
        "than chance explains. They are believed; look at how they were made before money "
        "moves."
    )
