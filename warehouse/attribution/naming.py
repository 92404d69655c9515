"""What a channel is, guessed by its name, where nobody says.

Not here: a file that says it (touch_files.py).
"""

import re
from typing import NamedTuple

FLAGS = ("is_navigational", "is_null", "is_bought_by_region", "is_video")

# A name of nothing but these: `(direct) / (none)` and no direct mail.
NULL_WORDS = frozenset(
    {"direct", "traffic", "visit", "none", "not", "set", "typed", "in", "bookmark"}
)
SEARCH_WORDS = frozenset({"search", "seo", "sem", "ppc", "google", "bing", "brand"})
BOUGHT_WORDS = frozenset(
    {
        "paid",
        "ads",
        "ad",
        "retargeting",
        "remarketing",
        "display",
        "programmatic",
        "ctv",
    }
)
VIDEO_WORDS = frozenset(
    {
        "video",
        "videos",
        "youtube",
        "tiktok",
        "vimeo",
        "wistia",
        "reels",
        "shorts",
        "ctv",
    }
)


class Flags(NamedTuple):
    """In the order of FLAGS."""

    is_navigational: bool
    is_null: bool
    is_bought_by_region: bool
    is_video: bool


def guessed(name: str) -> Flags:
    """By the words of the name: `paid_search` is navigational, `YouTube Ads` bought video.

    A search is no bought medium here even when it is paid: people come by it on their own.
    """
    words = set(re.findall(r"[a-z0-9]+", name.lower()))
    is_null = bool(words) and words <= NULL_WORDS
    is_video = bool(words & VIDEO_WORDS)
    is_bought = bool(words & BOUGHT_WORDS)
    searches = bool(words & SEARCH_WORDS) and not is_video
    is_navigational = is_null or (
        searches
        and ("search" in words or not is_bought or bool(words & {"sem", "ppc"}))
    )
    return Flags(is_navigational, is_null, is_bought and not is_navigational, is_video)
