"""Brindlemoor itself: names, ids, ad accounts, regions, currencies. All invented.

Not here: videos and placements (catalogue.py, placements.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingestion.world.frames import Frame, text


class Region(NamedTuple):
    name: str
    country: str
    market: str  # U, E, G: the group that shares ad account, currency and day zone
    share: float  # of persons
    offset_hours: int  # local clock against the market's zone


REGIONS = (
    Region("California", "US", "U", 0.13, -3),
    Region("Texas", "US", "U", 0.11, -1),
    Region("New York", "US", "U", 0.10, 0),
    Region("Florida", "US", "U", 0.09, 0),
    Region("Illinois", "US", "U", 0.07, -1),
    Region("Washington", "US", "U", 0.06, -3),
    Region("North Rhine-Westphalia", "DE", "E", 0.10, 0),
    Region("Bavaria", "DE", "E", 0.08, 0),
    Region("North Holland", "NL", "E", 0.06, 0),
    Region("Leinster", "IE", "E", 0.05, -1),
    Region("England", "GB", "G", 0.11, 0),
    Region("Scotland", "GB", "G", 0.04, 0),
)
MARKET_CURRENCY = {"U": "USD", "E": "EUR", "G": "GBP"}
MARKET_ZONE = {"U": "America/New_York", "E": "Europe/Berlin", "G": "Europe/London"}
MARKET_NAME = {
    "U": "Brindlemoor North America",
    "E": "Brindlemoor Europe",
    "G": "Brindlemoor UK",
}
MARKET_SHARE = {
    key: sum(region.share for region in REGIONS if region.market == key)
    for key in "UEG"
}
# Ad platform: account digits per market. Retargeting runs inside the Meta accounts.
AD_ACCOUNTS = {
    "google_ads": {"U": "4820117365", "E": "4820117372", "G": "4820117388"},
    "meta_ads": {
        "U": "318840275561020",
        "E": "318840275561037",
        "G": "318840275561044",
    },
    "linkedin_ads": {"U": "508113240", "E": "508113257"},
    "tiktok_ads": {"U": "7301482260115", "E": "7301482260132"},
}
PLATFORM_OF = {
    "youtube_ads": "google_ads",
    "meta": "meta_ads",
    "retargeting": "meta_ads",
    "linkedin_ads": "linkedin_ads",
    "tiktok_ads": "tiktok_ads",
}


@dataclass(frozen=True)
class Company:
    """The identifiers under which the platforms know the company."""

    name: str
    domain: str
    channel_id: str
    youtube_title: str
    hubspot_portal_id: str
    search_property: str
    facebook_page_id: str
    instagram_user_id: str
    tiktok_business_id: str
    linkedin_organization_id: str
    ad_accounts: Frame


def company() -> Company:
    rows = [
        (
            digits,
            MARKET_CURRENCY[market],
            MARKET_ZONE[market],
            MARKET_NAME[market],
            platform,
        )
        for platform, accounts in AD_ACCOUNTS.items()
        for market, digits in accounts.items()
    ]
    names = ("account_id", "currency", "zone", "name", "platform")
    frame = Frame({name: text(row[i] for row in rows) for i, name in enumerate(names)})
    return Company(
        name="Brindlemoor",
        domain="brindlemoor.example",
        channel_id="UCbr1ndlem00rShiftPlan9Q",
        youtube_title="Brindlemoor",
        hubspot_portal_id="24817306",
        search_property="sc-domain:brindlemoor.example",
        facebook_page_id="102938475610",
        instagram_user_id="17841405309211844",
        tiktok_business_id="_000Qx3brindlemoorWz7uV1kT",
        linkedin_organization_id="9027415",
        ad_accounts=frame,
    )


def regions() -> Frame:
    return Frame(
        {
            "region": text(region.name for region in REGIONS),
            "country": text(region.country for region in REGIONS),
            "market": text(region.market for region in REGIONS),
            "population_share": np.array([region.share for region in REGIONS]),
        }
    )
