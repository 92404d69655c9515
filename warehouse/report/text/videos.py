"""Videos: state, target, retention, what carries the return."""

from datetime import date

from warehouse.report.model import Kpi, Score, Video
from warehouse.report.numbers import CURRENCY, SPACE, known, percent, plural, points
from warehouse.report.text.common import exact
from warehouse.report.text.objectives import is_apart

IDLE_DAYS = 28
CAPTION = "What is at stake first: what it cost, and the won revenue beside it"


def carried(few: int, many: int) -> str:
    """How few videos carry half of what goes along with video."""
    if few == 0:
        return "No won revenue goes along with any video yet."
    if many == 1:
        return "All the won revenue that goes along with video goes along with one."
    return (
        f"{few} of {many} videos {'carries' if few == 1 else 'carry'} half of the won "
        "revenue that goes along with video."
    )


def is_idle(video: Video, as_of: date) -> bool:
    return video.last_seen is None or (as_of - video.last_seen).days > IDLE_DAYS


def state(video: Video, as_of: date) -> str:
    """Seen lately or not; whether it tires needs the fatigue model."""
    if video.last_seen is None:
        return "never seen"
    if is_idle(video, as_of):
        return f"idle for {plural((as_of - video.last_seen).days, 'day')}"
    return "live"


def target(score: Score | None, kpi: Kpi | None) -> str:
    """A video against the target of its own objective, for one cell."""
    if score is None or kpi is None or known(score.value) is None:
        return "can't tell yet"
    value = exact(kpi.unit, score.value)
    if kpi.unit.startswith("usd"):
        value += f"{SPACE}{CURRENCY}"
    if score.target is None:
        return f"{value}, no target"
    apart = is_apart(score, kpi)
    word = "too close to call" if apart is None else "reached" if apart else "missed"
    return f"{value}, {word}"


def drop(elapsed: tuple[float, ...], watching: tuple[float, ...]) -> str:
    """The steepest loss of viewers over about a tenth of the video, after the first."""
    points_of = list(zip(elapsed, watching, strict=True))
    steps = [
        (now - then, at, to)
        for at, now in points_of
        for to, then in points_of
        if at >= 0.1 and 0.05 <= to - at <= 0.1001
    ]
    if not steps:
        return "Too few points to see where viewers leave."
    loss, at, to = max(steps)
    if loss < 0.01:
        return "After the opening viewers stay."
    return (
        f"The steepest loss after the opening: {points(loss)} between {percent(at)} "
        f"and {percent(to)} of the video."
    )


def folded(number: int) -> str:
    return f"{plural(number, 'video')} with less at stake"


def more(rest: int) -> str:
    return f"{plural(rest, 'more video')} with less at stake: published.videos."


def mapped(known_videos: int, videos: int) -> str:
    """Videos without an objective cannot be judged by one."""
    missing = videos - known_videos
    if videos == 0:
        return "No video is known yet."
    if missing == 0:
        return "Every video is in the catalogue."
    them, be = ("it", "is") if missing == 1 else ("them", "are")
    return (
        f"{missing:,} of {plural(videos, 'video')} {be} not in the catalogue, so no "
        f"objective judges {them}: “playhead map” adds {them}."
    )
