"""Can this be trusted: what is joined, claimed, set aside."""

from collections.abc import Sequence

from warehouse.report import words
from warehouse.report.model import Claim, Deals, Finance, Quarantined, Spend
from warehouse.report.numbers import known, listed, money, percent, plural, two
from warehouse.report.text.common import UNKNOWN

OFF = 0.01  # of what was booked: less is a matter of rates and rounding


def is_off(finance: Finance) -> bool:
    """Whether the finance file tells another sum than the CRM, or lacks deals."""
    booked = known(finance.booked_usd) or 0.0
    gap = abs(booked - (known(finance.finance_usd) or 0.0))
    return finance.months > 0 and (finance.missing > 0 or gap > OFF * booked)


def finance(finance: Finance) -> str:
    if not finance.months:
        return f"Reconciliation to the finance file {UNKNOWN}: it reaches no month yet."
    booked, told = known(finance.booked_usd) or 0.0, known(finance.finance_usd) or 0.0
    over = f"over the {plural(finance.months, 'month')} it reaches"
    said = f"Finance has {two(told)} of the {two(booked)} USD booked {over}"
    if not finance.missing and not finance.differing:
        return f"{said}, deal by deal the same."
    ways = []
    if finance.missing:
        ways.append(f"{plural(finance.missing, 'deal')} missing there")
    if finance.differing:
        ways.append(f"{plural(finance.differing, 'deal')} with another amount")
    return f"{said}: {listed(ways)}."


def unmatched(spend: Spend) -> str:
    lost, whole = known(spend.unmatched_usd) or 0.0, known(spend.spend_usd) or 0.0
    if whole <= 0:
        return "No media spend in the last 90 days."
    if lost <= 0:
        return "All media spend of the period belongs to a known video."
    return (
        f"{money(lost)} of {money(whole)} media spend ({percent(lost / whole)}) "
        "belongs to no known video: it stays in every total and in no video's row."
    )


def claims(found: Sequence[Claim]) -> str:
    """The channel that claims most beside our count; claims are never added."""
    claiming = [one for one in clicked(found) if (known(one.claimed) or 0) > 0]
    if not claiming:
        return "No platform claims a conversion."
    uncounted = [one for one in claiming if not known(one.own_leads)]
    if uncounted:
        who = listed([words.channel(one.channel) for one in uncounted])
        verb = "claims" if len(uncounted) == 1 else "claim"
        return f"{who} {verb} conversions where we count no lead: used nowhere."
    most = max(claiming, key=lambda one: (_factor(one), one.channel))
    who, factor = words.channel(most.channel), _factor(most)
    if factor <= 1:
        return "No platform claims more leads than we count; claims are used nowhere."
    return (
        f"{who} claims {two(factor)} times the leads we count for it; claims are used "
        "nowhere."
    )


def clicked(found: Sequence[Claim]) -> list[Claim]:
    """The claims by click: the only ones that our own count can stand beside."""
    return [one for one in found if one.interaction == "click"]


def window(one: Claim) -> str:
    """What a claim counts: `click within 7 days`."""
    what = one.interaction.replace("_", " ")
    return f"{what} within {plural(one.window_days, 'day')}"


def methods(widest: tuple[str, float, float] | None) -> str:
    """`widest`: channel and its share of won revenue by the two farthest methods."""
    if widest is None:
        return f"How far the counting methods differ {UNKNOWN}: nothing is attributed."
    channel, low, high = widest
    return (
        f"The counting methods differ most on {channel}: {percent(low)} to "
        f"{percent(high)} of all won revenue."
    )


def negative(deals: Deals) -> str:
    if deals.deals == 0:
        return "No deal is on record."
    if deals.negative == 0:
        return f"None of {plural(deals.deals, 'deal')} closed before its first contact."
    return (
        f"{deals.negative:,} of {plural(deals.deals, 'deal')} closed before the first "
        "contact on record: kept, and left out of every duration."
    )


def queries(share: float | None) -> str:
    if share is None:
        return "Search totals come from the days, never from queries or pages."
    return (
        f"Search queries tell {percent(share)} of the clicks: totals come from the "
        "days, never from queries or pages."
    )


def quarantined(rows: tuple[Quarantined, ...]) -> str:
    total = sum(row.rows for row in rows)
    if total == 0:
        return "No row was set aside."
    sources = sorted({words.platform(row.source) for row in rows if row.rows})
    be = "is" if total == 1 else "are"
    return (
        f"{plural(total, 'row')} of {listed(sources)} {be} set aside: a value could "
        "not be read. No number here holds them."
    )


def reported(reports: int) -> str:
    tail = "is shown as it is" if reports == 1 else "are shown as they are"
    return (
        f"{plural(reports, 'report')} with whole periods instead of days {tail} and "
        "added to nothing."
    )


def _factor(one: Claim) -> float:
    return (known(one.claimed) or 0.0) / (known(one.own_leads) or 1.0)
