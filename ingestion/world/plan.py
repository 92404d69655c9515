"""Where every master is placed: the media plan, the posts, the players, as literal rows.

`start` 0 and `end` OPEN mean "as long as the thing exists"; a negative start is a placement that
was live before the window opens. Not here: ids and names (placements.py), effects (traits.py).
"""

from __future__ import annotations

from typing import NamedTuple

OPEN = 9999  # end_day of a placement that nobody has taken down


class Row(NamedTuple):
    master: int  # index in masters.MASTERS
    channel: str
    markets: str  # letters of company.MARKET_ZONE: one placement each
    start: int
    end: int
    weight: float = 1.0  # share of the channel's budget among what is live
    shape: str = "16:9"
    extra_usd: float = 0.0  # a budget of its own for the whole flight


PAID_ROWS = (
    Row(0, "youtube_ads", "UEG", -60, OPEN, 1.6),
    Row(1, "youtube_ads", "UE", -40, OPEN, 0.3),
    Row(23, "youtube_ads", "UE", -50, 160),
    Row(25, "youtube_ads", "U", 150, OPEN),
    Row(28, "youtube_ads", "U", -30, 200),
    Row(31, "youtube_ads", "UG", 120, OPEN),
    Row(9, "youtube_ads", "UE", 240, 267, extra_usd=1_300),
    Row(5, "meta", "UE", 60, 120, shape="9:16"),
    Row(5, "meta", "UE", 190, 250, shape="1:1"),
    Row(6, "meta", "UE", 10, OPEN),
    Row(6, "meta", "UE", 50, OPEN, shape="9:16"),
    Row(24, "meta", "UG", -50, 300, shape="1:1"),
    Row(26, "meta", "U", 130, OPEN, shape="1:1"),
    Row(9, "meta", "U", 240, 267, shape="9:16", extra_usd=900),
    Row(4, "retargeting", "UEG", -60, OPEN, shape="1:1"),
    Row(3, "linkedin_ads", "UE", -60, 190),
    Row(38, "linkedin_ads", "U", 20, OPEN),
    Row(39, "linkedin_ads", "E", 184, OPEN),
    Row(2, "linkedin_ads", "U", 100, OPEN, shape="1:1"),
    Row(21, "linkedin_ads", "E", 210, 330),
    Row(11, "tiktok_ads", "U", 80, 150, shape="9:16", extra_usd=9_060),
    Row(25, "tiktok_ads", "E", -30, 200, shape="9:16"),
    Row(27, "tiktok_ads", "U", 160, OPEN, shape="9:16"),
)
# Only where a world asks for creatives that tire fast: six that do beside six that do not.
# fmt: off
TIRING_ROWS = tuple(
    Row(master, "meta", "U", start, start + 110, shape="1:1")
    for master, start in ((14, 5), (16, 15), (17, 30), (20, 20), (23, 40), (28, 10),
                          (31, 70), (35, 35), (36, 50), (37, 60), (29, 25), (30, 12))
)
# fmt: on
NOT_ON_YOUTUBE = (4, 7, 11, 30)
SOCIAL = (0, 1, 3, 9, 12, 16, 17, 18, 19, 20, 21, 22, 38, 39)
# The same in the order in which the networks take turns: each has a post early on.
SOCIAL_TURNS = (0, 1, 3, 12, 16, 38, 20, 17, 18, 19, 39, 21, 9, 22)
SALES_ROOM = (2, 3, 15, 28, 29, 33, 38)
EMAIL = (2, 3, 13, 31, 35, 36)

EMBED_DAY = 180  # the day one video enters six content pages
EMBED_PAGES = 6
PLAYERS = ((1, "/pricing", -100), (7, "/app/welcome", -700), (12, "/trails", -90))
# Pages where a video becomes available in staggered weeks, for next steps taken.
STAGGERED = (
    (2, "/product/rosters"),
    (23, "/product/live-board"),
    (25, "/product/time-tracking"),
    (15, "/product/compliance"),
    (28, "/product/mobile-app"),
    (32, "/product/reports"),
    (3, "/industries/hvac"),
    (39, "/industries/electrical"),
)
STAGGER_FIRST, STAGGER_STEP = 28, 35  # days
