"""Videos: state, target, retention, what carries the return."""

from datetime import date

from warehouse.report import words
from warehouse.report.model import Counters, Kpi, Score, Video
from warehouse.report.numbers import (
    CURRENCY,
    SPACE,
    count,
    day,
    dollars,
    known,
    percent,
    plural,
    short_day,
    two,
)
from warehouse.report.text.common import UNKNOWN, exact, upper
from warehouse.report.text.objectives import attainment, certainty, is_apart

IDLE_DAYS = 28
ROLE_PLAYED = f"Which role it plays in the journey {UNKNOWN}."
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
    label = words.inline(kpi.kpi)
    if kpi.unit.startswith("usd"):
        value += f"{SPACE}{CURRENCY}"
    if score.target is None:
        return f"{value} {label}, no target"
    apart = is_apart(score, kpi)
    word = "too close to call" if apart is None else "reached" if apart else "missed"
    return f"{value} {label}, {word}"


def drop(place: float | None, share: float | None, *, is_known: bool) -> str:
    """Where more leave than around it: `share` of those still watching, at `place`."""
    if not is_known:
        return "Too few points to see where viewers leave."
    if place is None or share is None:
        return (
            "Viewers leave little by little: no moment loses more than those around it."
        )
    return (
        f"At {percent(place)} of the video {percent(share)} of those still watching leave "
        "at once, more than anywhere around it."
    )


def made(video: Video) -> str:
    """What it was made for, and by whom."""
    parts = [
        f"made to {words.plain(video.role).lower()}" if video.role else "",
        f"theme {video.theme}" if video.theme else "",
        f"{video.duration_seconds:g} seconds" if video.duration_seconds else "",
        f"published {short_day(video.published_date)}" if video.published_date else "",
        f"owner {video.owner}" if video.owner else "",
    ]
    return _sentence("", parts)


def costs(video: Video) -> str:
    parts = [
        f"{name} {dollars(value)}"
        for name, value in (
            ("production", video.production_cost_usd),
            ("adaptations", video.adaptation_cost_usd),
            ("media", video.media_spend_usd),
        )
        if value is not None
    ]
    return _sentence(f"Cost in {CURRENCY}: ", parts)


def lately(video: Video) -> str:
    spend, hours = video.period_spend_usd, video.period_watch_hours
    impressions = video.period_impressions
    parts = [
        f"media {dollars(spend)} {CURRENCY}" if spend else "",
        f"{count(impressions)} impressions" if impressions else "",
        f"{count(round(hours))} hours watched" if hours else "",
    ]
    return _sentence("Last 90 days: ", parts)


def joined(video: Video) -> str:
    return f"Joined to its rows by: {video.matched_by}." if video.matched_by else ""


def own_score(score: Score, kpi: Kpi) -> str:
    """The video by its own yardstick, with everything that belongs to it."""
    return (
        f"{words.plain(kpi.kpi)} ({kpi.says}): {exact(kpi.unit, score.value)}. "
        f"{attainment(score, kpi)} {certainty(score, kpi)}"
    )


def counted(counters: Counters) -> str:
    """What lifetime counters say of a platform's videos, mapped or not."""
    videos = plural(counters.videos, "platform video")
    if counters.first_date is None or counters.last_date is None:
        return "No lifetime counter is on record."
    if counters.first_date == counters.last_date:
        return f"{upper(videos)} counted once, on {day(counters.last_date)}."
    if counters.definitions > 1:
        return (
            f"{upper(videos)} counted between {day(counters.first_date)} and "
            f"{day(counters.last_date)}, in {counters.definitions} definitions of a view: "
            "their gains are not added."
        )
    return (
        f"{upper(videos)} gained {two(counters.gained)} views between "
        f"{day(counters.first_date)} and {day(counters.last_date)}, as far as readings "
        "follow one another."
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


def _sentence(start: str, parts: list[str]) -> str:
    text = ", ".join(part for part in parts if part)
    return upper(f"{start}{text}.") if text else ""
