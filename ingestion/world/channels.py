"""The channels as markets: what reach costs there, how people watch, what watching does.

One literal table; the meaning of each number stands beside its field. `beta` and `half_life_days`
are the hidden effect of watching and must not reach a View.
Not here: single videos (catalogue.py), flights (delivery.py).
"""

from __future__ import annotations

from typing import NamedTuple


class Market(NamedTuple):
    channel: str
    beta: float  # effect of a full stock on the lead hazard
    half_life_days: float  # of the stock
    persons_share: float  # of all impressions, the share that meets one of our persons
    yearly_usd: float  # media at default size, before single campaigns on top
    cpm_usd: float
    click_rate: float  # clicks per impression of the platform
    start_rate: float  # starts per impression
    hook: float  # share of impressions (organic: of views) still there at 3 s
    spread_seconds: float  # lambda of S(t) = hook exp(-((t - 3) / lambda)^0.75)


MARKETS = (
    Market("youtube_organic", 0.75, 10, 0.045, 0, 0, 0.0060, 1.00, 0.86, 50.0),
    Market("youtube_ads", 0.45, 12, 0.035, 36_000, 8.3, 0.0022, 0.97, 0.84, 27.0),
    Market("meta", 0.45, 6, 0.050, 57_000, 13.0, 0.0068, 0.88, 0.26, 5.9),
    Market("retargeting", 0.03, 4, 1.000, 3_300, 12.0, 0.0160, 0.90, 0.24, 6.5),
    Market("linkedin_ads", 0.75, 9, 0.090, 66_000, 81.0, 0.0029, 0.75, 0.40, 8.0),
    Market("tiktok_ads", 0.05, 4, 0.030, 3_600, 5.2, 0.00085, 0.93, 0.30, 5.0),
    Market("social_organic", 0.30, 5, 0.060, 0, 0, 0.0045, 0.70, 0.27, 8.0),
    Market("site_player", 0.75, 8, 1.000, 0, 0, 0.0, 1.00, 0.97, 40.0),
    Market("sales_room", 0.0, 8, 1.000, 0, 0, 0.0, 1.00, 0.98, 60.0),
    Market("email", 0.0, 8, 1.000, 0, 0, 0.0350, 1.00, 1.00, 40.0),
)
CHANNELS = tuple(market.channel for market in MARKETS)
CODE = {name: code for code, name in enumerate(CHANNELS)}
STOCKED = 8  # the first eight channels leave a stock that may move a lead
PAID = ("youtube_ads", "meta", "retargeting", "linkedin_ads", "tiktok_ads")
PROSPECTING = ("youtube_ads", "meta", "linkedin_ads", "tiktok_ads")
FEED_ORGANIC = ("youtube_organic", "social_organic")

# Kinds of sessions beside the channels above; codes go on where CHANNELS ends.
OWN_VISITS = ("branded_search", "nonbrand_search", "paid_search", "direct")
SOURCES = CHANNELS + OWN_VISITS
SOURCE_CODE = {name: code for code, name in enumerate(SOURCES)}

# utm_source, utm_medium of a tagged link; "" means the session carries no tag.
UTM = {
    "youtube_organic": ("youtube", "video"),
    "youtube_ads": ("google", "paid_video"),
    "meta": ("facebook", "paid_social"),
    "retargeting": ("facebook", "retargeting"),
    "linkedin_ads": ("linkedin", "paid_social"),
    "tiktok_ads": ("tiktok", "paid_social"),
    "social_organic": ("linkedin", "social"),
    "sales_room": ("sales_room", "referral"),
    "email": ("newsletter", "email"),
    "paid_search": ("google", "cpc"),
}
# The networks of social_organic: each has its own word in a tag, and sends its own visitors.
SOCIAL_PLATFORMS = ("linkedin_pages", "facebook_pages", "instagram", "tiktok")
SOCIAL_SOURCE = ("linkedin", "facebook", "instagram", "tiktok")
SOCIAL_REFERRER = (
    "https://www.linkedin.com/",
    "https://l.facebook.com/",
    "https://l.instagram.com/",
    "https://www.tiktok.com/",
)
REFERRER = {
    "youtube_organic": "https://www.youtube.com/",
    "youtube_ads": "https://www.youtube.com/",
    "meta": "https://l.facebook.com/",
    "retargeting": "https://l.facebook.com/",
    "linkedin_ads": "https://www.linkedin.com/",
    "tiktok_ads": "https://www.tiktok.com/",
    "social_organic": "https://www.linkedin.com/",
    "branded_search": "https://www.google.com/",
    "nonbrand_search": "https://www.google.com/",
    "paid_search": "https://www.google.com/",
}
# fmt: off
CLICK_ID = {
    "youtube_ads": "gclid-", "paid_search": "gclid-", "meta": "fbclid-", "retargeting": "fbclid-",
    "linkedin_ads": "lifat-", "tiktok_ads": "ttclid-",
}
# fmt: on
