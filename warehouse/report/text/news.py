"""Since last time: decisions, restated figures, new warnings."""

from warehouse.report import words
from warehouse.report.model import Counters, Issued, Source
from warehouse.report.numbers import CURRENCY, day, plural, shorten
from warehouse.report.text.common import UNKNOWN

NO_NEWS = "No new warning."


def decisions(issued: Issued) -> str:
    if not issued.earlier or issued.last_earlier is None:
        return "Decisions: no earlier recommendation to look back on."
    some = plural(issued.earlier, "earlier recommendation")
    return (
        f"Decisions: {some}, the last of {day(issued.last_earlier)}; what became of "
        f"them {UNKNOWN}, no decision is on record."
    )


def taken_back(counters: Counters) -> str:
    if not counters.falls:
        return "Restated: no lifetime counter fell."
    videos = plural(counters.videos_with_falls, "video")
    if counters.definitions > 1:  # views of several kinds are not added
        falls = plural(counters.falls, "fall")
        return f"Restated: counters that should only grow fell for {videos} ({falls})."
    views = plural(counters.views_taken_back, "view")
    return (
        f"Restated: the platform took back {views} of {videos} "
        f"({plural(counters.falls, 'fall')} of counters that should only grow)."
    )


def gaps(counters: Counters) -> str:
    times = plural(counters.gaps, "gap")
    return f"Counters: {times} of more than a day between two readings."


def redefined(platform: str, definitions: int) -> str:
    return (
        f"{words.platform(platform)} counted views in {definitions} ways in this "
        "period: views before and after are not comparable, watch time is."
    )


def unconverted(rows: int) -> str:
    be = "is" if rows == 1 else "are"
    return (
        f"{plural(rows, 'row')} of spend without an exchange rate {be} left out of "
        f"every sum in {CURRENCY}: add the days to fx_rates.csv."
    )


def new_columns(source: Source) -> str:
    what = source.new_columns or ""
    fields = plural(int(what), "new field") if what.isdigit() else shorten(what, 80)
    return f"{source.title} sends fields we did not know ({fields}): kept, not used."
