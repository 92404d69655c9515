"""What is said aloud of a test, a plan and a choice: every sentence of lift.

Pure. Not here: figures (lift.py, plan.py, choose.py), tables of them (the command line).
"""

from warehouse.incrementality.choose import Choice
from warehouse.incrementality.grade import MAY_CLAIM, WORST_FIT
from warehouse.incrementality.lift import Lift, Measured
from warehouse.incrementality.plan import POWER, Plan, Row


def head(measured: Measured) -> str:
    """Where, when, and against what."""
    days = (measured.last - measured.first).days + 1
    many = len(measured.treated)
    return (
        f"{many} region{'s' if many > 1 else ''} treated, {measured.first} to "
        f"{measured.last} ({days} days), against {measured.controls} others; learnt on "
        f"{measured.days_before} days before"
    )


def verdict(measured: Measured) -> str:
    """The flagship's grade and what it may claim."""
    found = measured.flagship
    told = f"{found.incremental:+,.0f} ({found.p05:+,.0f} to {found.p95:+,.0f})"
    if found.grade != "D":
        return f"Grade {found.grade}, {MAY_CLAIM[found.grade]}: {told}"
    why = "; ".join(doubts(found))
    return f"Grade D, claims nothing: {told}; {why}"


def doubts(found: Lift) -> list[str]:
    """Why a reading claims nothing."""
    said = []
    if found.lift_p05 <= 0 <= found.lift_p95:
        said.append("it cannot be told from nothing")
    if found.is_sound:
        return said
    if found.relative_fit > WORST_FIT:
        said.append(
            f"the days before are missed {found.relative_fit:.1f} times as widely as in "
            "other regions"
        )
    if not found.is_quiet_before:
        said.append(
            f"right before the test it already read {found.gap_before:+.1%}, as if "
            "something had begun earlier"
        )
    return said


def proposal(found: Plan, lift: float) -> str:
    """The shortest test for one effect, or what could be seen instead."""
    row = found.shortest(lift)
    if row is not None:
        return (
            f"{lift:.0%}: {row.days} days in {row.regions} regions find it with "
            f"{row.power:.0%}; drawn by lot: {', '.join(row.treated)}"
        )
    best = min(found.rows, key=lambda each: (each.detectable, each.days))
    return (
        f"{lift:.0%}: none of these tests finds it with {POWER:.0%}; the smallest that "
        f"one does is {best.detectable:.1%} ({best.days} days, {best.regions} regions)"
    )


def choice(found: list[Choice], row: Row) -> str:
    """Which channel to test first, and why."""
    best = found[0]
    if not best.is_testable:
        return "No channel has spend: what is not bought cannot be switched by region"
    return (
        f"Test {best.channel} first: {row.days} days in {row.regions} regions bring its "
        f"sd from {best.sd:,.0f} to {best.sd_after:,.0f}, {best.narrowed:.0%} of all "
        "that is in doubt"
    )
