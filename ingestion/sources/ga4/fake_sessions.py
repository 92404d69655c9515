"""Sessions as GA4 would have measured them on the company's site.

From the pages that visitors opened: thirty minutes without one, a new tag or another day
end a session. Who refuses consent is never seen; what arrives late is counted late. Not
here: how a report is asked and answered (fake.py).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import numpy as np

from ingestion.world import View
from ingestion.world.frames import Array

ZONE = "America/New_York"
REFUSED = 0.12  # of visitors say no to being counted
ARRIVAL_DAYS = 2  # what the tag sends later than this is thrown away
COUNTED = {1: 0.92, 2: 0.99}  # of sessions, by days since; all from the third
PAUSE_MS = 1_800_000
NOT_SET, DIRECT = "(not set)", ("(direct)", "(none)")
SEARCH = ("google.", "bing.", "duckduckgo.", "yahoo.", "ecosia.")
KEY_EVENT = "form_submit"
ENGAGING = ("video_progress", KEY_EVENT)
OF_EVENT = (
    *("message_id", "anonymous_id", "event", "event_name", "page_path"),
    "utm_content",
)
OF_ORIGIN = ("utm_source", "utm_medium", "referrer")
Facts = list[dict[str, Any]]  # one per session, or per visitor, day and event


@dataclass(slots=True)
class Visitor:
    """The session a visitor is in."""

    at: int
    day: int
    facts: dict[str, Any]


def facts(view: View, days: range | None = None) -> tuple[Facts, Facts]:
    """(sessions, events) of `days`, each with its day number, as they are counted by now.

    A session ends with its day, so that each day stands for itself.
    """
    wanted = range(view.days) if days is None else days
    at = view.events["event_at"]
    in_time = view.events["received_at"] - at <= ARRIVAL_DAYS * 86_400_000
    local = _days(view, at)
    is_wanted = in_time & (wanted.start <= local) & (local < wanted.stop)
    events = view.events.where(is_wanted).sort("event_at")
    who = {name: events[name].tolist() for name in (*OF_EVENT, *OF_ORIGIN)}
    at = events["event_at"]
    sessions, counted = _sessions(view, who, at.tolist(), _days(view, at).tolist())
    return [each for each in sessions if _is_shown(view, each)], counted


def _sessions(
    view: View, who: dict[str, list[Any]], at: list[int], days: list[int]
) -> tuple[Facts, Facts]:
    there: dict[str, Visitor] = {}
    consent = _consent(view, {v for v in who["anonymous_id"] if v is not None})
    sessions: Facts = []
    counted: Counter[tuple[int, str, str]] = Counter()
    seen: set[str] = set()
    for i in range(len(at)):
        visitor, event = who["anonymous_id"][i], who["event"][i]
        if not consent.get(visitor, False) or who["message_id"][i] in seen:
            continue
        seen.add(who["message_id"][i])
        now = there.get(visitor)
        name = "page_view" if event == "page" else who["event_name"][i] or event
        counted[days[i], name, visitor] += 1
        is_new = (
            now is None
            or at[i] - now.at > PAUSE_MS
            or days[i] != now.day
            or (event == "page" and who["utm_source"][i] is not None)
        )
        if is_new and event != "page":
            continue  # no session begins without a page
        if is_new or now is None:
            source, medium = _origin(*(who[n][i] for n in OF_ORIGIN))
            begun = {
                "day": days[i],
                "at": at[i],
                "landing": who["page_path"][i] or "/",
                "source": source,
                "medium": medium,
                "content": who["utm_content"][i] or NOT_SET,
                "visitor": visitor,
                "pages": 0,
                "engaged": False,
                "key_events": 0,
            }
            now = there[visitor] = Visitor(at[i], days[i], begun)
            sessions.append(begun)
        now.at = at[i]
        now.facts["pages"] += event == "page"
        now.facts["engaged"] |= event in ENGAGING or now.facts["pages"] > 1
        now.facts["key_events"] += event == KEY_EVENT
    names = ("day", "event", "visitor", "count")
    of_events = [dict(zip(names, (*key, n), strict=True)) for key, n in counted.items()]
    return sessions, of_events


def _origin(
    source: str | None, medium: str | None, referrer: str | None
) -> tuple[str, str]:
    if source is not None:
        return source, medium or NOT_SET
    host = urlsplit(referrer or "").hostname
    if not host:
        return DIRECT
    host = host.removeprefix("www.")
    if host.startswith(SEARCH):
        return host.partition(".")[0], "organic"
    return host, "referral"


def _consent(view: View, visitors: set[str]) -> dict[str, bool]:
    """Who lets us count: the luck of the visitor's own number."""
    listed = sorted(visitors)
    keys = np.array([_key(visitor) for visitor in listed], dtype=np.int64)
    luck = view.hash01("ga4 consent", keys)
    return dict(zip(listed, (luck >= REFUSED).tolist(), strict=True))


def _is_shown(view: View, session: dict[str, Any]) -> bool:
    """A session appears once its share of the day is counted, and stays."""
    lag = view.days - 1 - session["day"]
    if lag < 1:
        return False
    share = COUNTED.get(lag, 1.0)
    if share == 1.0:
        return True
    luck = view.hash01("ga4 counted", _key(session["visitor"]), session["at"])
    return bool(luck < share)


def _key(visitor: str) -> int:
    return int.from_bytes(visitor.encode()[-7:], "big")


def _days(view: View, at: Array) -> Array:
    """Day numbers in the property's zone, whose offset changes twice a year."""
    zone, start = ZoneInfo(ZONE), view.start
    midnights = [
        datetime.combine(
            start + timedelta(days=n), datetime.min.time(), zone
        ).timestamp()
        for n in range(view.days + 2)
    ]
    return np.searchsorted(np.array(midnights) * 1000, at, side="right") - 1


def day(view: View, number: int) -> date:
    return view.start + timedelta(days=number)
