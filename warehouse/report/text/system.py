"""How video feeds the system, reuse, and the track record."""

from datetime import date

from warehouse.report.model import Deals, Origin
from warehouse.report.numbers import (
    between,
    day,
    listed,
    money,
    percent,
    plural,
    sample,
    two,
)
from warehouse.report.text.common import UNKNOWN, named, upper

QUESTIONS = {
    "organic": "Does it feed organic traffic?",
    "paid": "Does it make paid work better?",
    "seo": "Does it support search?",
    "brand": "Does it strengthen the brand?",
    "speed": "Does it speed up decisions?",
    "clarity": "Does it clarify?",
    "friction": "Does it reduce friction?",
    "message": "Is the message consistent?",
}
MISSING = {
    "organic": "it takes matched days or persons with and without a view",
    "paid": "it takes persons reached with and without an organic view before",
    "brand": "it takes branded searches against what was to be expected",
    "friction": "it takes the steps of the funnel with and without the video",
}
KEPT = (
    f"What a variant keeps of its master's effect {UNKNOWN}: it takes both side by "
    "side in one channel."
)


def missing(what: str) -> str:
    return f"{upper(UNKNOWN)}: {what}."


def speed(deals: Deals) -> str:
    """Days to close with and without a video, as they are: no effect is claimed."""
    if deals.exposed_days is None or deals.unexposed_days is None:
        return missing("it takes won deals with and without a view")
    return (
        f"Won deals with a video seen before took {two(deals.exposed_days)} days in "
        f"the middle ({sample(deals.exposed_won)}), those without "
        f"{two(deals.unexposed_days)} ({sample(deals.unexposed_won)}). Sales sends videos "
        "to better deals, and open deals are left out: no effect is claimed."
    )


def wins(exposed: str, unexposed: str, *, overlap: bool) -> str:
    """`exposed`, `unexposed`: rates with interval and n (rate_with_n)."""
    tail = "Sales sends videos to better deals: no effect is claimed."
    if overlap:
        tail = "The intervals overlap: no difference is shown."
    return (
        f"Of closed deals, {exposed} were won with a video seen before, {unexposed} "
        f"without. {tail}"
    )


def rate_with_n(share: float, low: float, high: float, n: int) -> str:
    return f"{percent(share)} ({between(low, high, percent)}, {sample(n)})"


def searched(clicks: int | None, before: int | None, last: date | None) -> str:
    if clicks is None:
        return missing(f"search data end on {day(last)}" if last else "no search data")
    now = f"{plural(clicks, 'click')} from search in the last 90 days"
    if before is None:
        return f"{now}, nothing before to compare with; video's part in it {UNKNOWN}."
    return f"{now}, {two(before)} in the 90 before; video's part in it {UNKNOWN}."


def depth(share: float | None) -> str:
    if share is None:
        return missing("no watch time")
    return (
        f"The average play shows {percent(share)} of its video; whether the key "
        f"message is understood {UNKNOWN}."
    )


def themes(found: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Which messages no conversion video carries."""
    if not found:
        return missing("no video has a theme")
    without = [theme for theme, objectives in found if "conversion" not in objectives]
    some = plural(len(found), "theme")
    if not without:
        each = "with" if len(found) == 1 else "each with"
        return f"{some}, {each} a conversion video."
    return f"{some}; no conversion video for {listed([named(t, 40) for t in without])}."


def origins(found: tuple[Origin, ...]) -> str:
    """The finding above the funnel by origin; unknown origins are never ranked."""
    if not found:
        return f"Which origin's leads are won {UNKNOWN}: no lead has an origin."
    ranked = sum(origin.is_ranked for origin in found)
    if ranked < 2:
        return "Too few origins with enough leads to compare them."
    return (
        f"{ranked} origins have enough leads to compare; leads of unknown origin are "
        "shown and never ranked."
    )


def activations(videos: int, placements: int, cost: float | None) -> str:
    """What one use of a master costs: all production over all placements."""
    if videos == 0 or placements == 0:
        return f"What a use of a video costs {UNKNOWN}: no placement is on record."
    uses = f"{plural(videos, 'master')} in {plural(placements, 'placement')}"
    if cost is None:
        return f"{uses}; what a use costs {UNKNOWN}: no production cost is on record."
    each = two(placements / videos)
    return f"{uses}, {each} each: {money(cost / placements)} of production a use."


def idle(*, unused: int, single: int, unseen: int) -> str:
    """Masters that could work more."""
    parts = []
    if unused:
        parts.append(f"{plural(unused, 'master')} never placed")
    if single:
        parts.append(f"{plural(single, 'master')} placed only once")
    if unseen:
        parts.append(f"{plural(unseen, 'master')} not seen for 28 days")
    if not parts:
        return "No idle master: each is placed more than once and was seen in 28 days."
    return f"{upper(listed(parts))}: a reuse costs an adaptation, not a shoot."


def record(issued: int) -> str:
    if issued == 0:
        return "Too early: no recommendation has been made, so none can be scored."
    return (
        f"Too early: {plural(issued, 'recommendation')} on record, none scored against "
        "what came. Rejected ones will be scored too."
    )
