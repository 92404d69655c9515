"""Variants and placements: the plan turned into rows with the ids that platforms would give.

Ids are hashes of the row's own names, so a placement keeps its id in a longer or quieter world.
Nothing about effects enters an id, a name or a tag. Not here: effects (traits.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ingestion.world.channels import PAID, SOCIAL_PLATFORMS
from ingestion.world.company import AD_ACCOUNTS, PLATFORM_OF, Company
from ingestion.world.frames import Array, Frame, text
from ingestion.world.hashing import hash01, hash64
from ingestion.world.ids import digits, youtube_id
from ingestion.world.masters import MASTERS, OWNERS, Master
from ingestion.world.plan import (
    EMAIL,
    EMBED_DAY,
    NOT_ON_YOUTUBE,
    OPEN,
    PAID_ROWS,
    PLAYERS,
    SALES_ROOM,
    SOCIAL,
    SOCIAL_TURNS,
    STAGGER_FIRST,
    STAGGER_STEP,
    STAGGERED,
    TIRING_ROWS,
    Row,
)
from ingestion.world.settings import HISTORY_DAYS, WorldSettings
from ingestion.world.variants import Key, build_variants, language, variant_names

_MARKET_WORD = {"U": "NA", "E": "EU", "G": "UK"}


@dataclass(frozen=True)
class Catalogue:
    """What marketing knows of its videos. Row order of `placements` is placement_id."""

    videos: Frame
    variants: Frame
    placements: Frame
    campaigns: Frame  # one row per campaign and name it has had
    masters: tuple[Master, ...]  # of the rows of `videos`
    video_index: Array  # per placement
    extra_usd: Array  # per placement
    weight: Array  # per placement

    def part(self, name: str) -> int:
        """Row of the video that plays a part, -1 where this world has none."""
        return next((i for i, m in enumerate(self.masters) if m.part == name), -1)


def build_catalogue(
    settings: WorldSettings, company: Company, embeds: list[str]
) -> Catalogue:
    count = min(settings.videos, len(MASTERS))
    order = sorted(range(count), key=lambda i: (MASTERS[i].published_day, i))
    place = {master: index for index, master in enumerate(order)}
    rows = _rows(settings, count, embeds)
    variants, variant_of = build_variants(rows, order)
    placements, campaigns = _placements(settings, company, rows, place, variant_of)
    return Catalogue(
        videos=_videos(settings, order),
        variants=variants,
        placements=placements.without("_video", "_extra", "_weight"),
        campaigns=campaigns,
        masters=tuple(MASTERS[i] for i in order),
        video_index=placements["_video"],
        extra_usd=placements["_extra"],
        weight=placements["_weight"],
    )


def _videos(settings: WorldSettings, order: list[int]) -> Frame:
    chosen = [MASTERS[i] for i in order]
    owner = (hash01(settings.seed, "owner", np.array(order)) * len(OWNERS)).astype(int)
    return Frame(
        {
            "video_id": text(f"bm-{n + 1:03d}" for n in range(len(chosen))),
            "title": text(m.title for m in chosen),
            "objective": text(m.objective for m in chosen),
            "role": text(m.role for m in chosen),
            "theme": text(m.theme for m in chosen),
            "duration_seconds": np.array([m.seconds for m in chosen], dtype=np.int32),
            "published_day": np.array(
                [m.published_day for m in chosen], dtype=np.int32
            ),
            "owner": text(OWNERS[i] for i in owner),
        }
    )


def _rows(
    settings: WorldSettings, count: int, embeds: list[str]
) -> list[tuple[Row, str]]:
    """Plan rows with the page that a player stands on ("" elsewhere)."""
    paid = PAID_ROWS + (TIRING_ROWS if settings.fast_half_lives_days else ())
    rows: list[tuple[Row, str]] = [(row, "") for row in paid]
    for i, master in enumerate(MASTERS):
        if i not in NOT_ON_YOUTUBE:
            rows.append(
                (Row(i, "youtube_organic", "U", master.published_day, OPEN), "")
            )
    for channel, list_ in (
        ("social_organic", SOCIAL),
        ("sales_room", SALES_ROOM),
        ("email", EMAIL),
    ):
        shape = "1:1" if channel == "social_organic" else "16:9"
        for i in list_:
            rows.append(
                (Row(i, channel, "U", MASTERS[i].published_day, OPEN, shape=shape), "")
            )
    for i, path, start in PLAYERS:
        rows.append((Row(i, "site_player", "U", start, OPEN), path))
    shift = np.argsort(hash01(settings.seed, "stagger", np.arange(len(STAGGERED))))
    for turn, k in enumerate(shift.tolist()):
        i, path = STAGGERED[k]
        start = max(STAGGER_FIRST + STAGGER_STEP * turn, MASTERS[i].published_day + 3)
        rows.append((Row(i if i < count else 2, "site_player", "U", start, OPEN), path))
    rows += [(Row(8, "site_player", "U", EMBED_DAY, OPEN), path) for path in embeds]
    return [(row, path) for row, path in rows if row.master < count]


def _placements(
    settings: WorldSettings,
    company: Company,
    rows: list[tuple[Row, str]],
    place: dict[int, int],
    variant_of: dict[Key, int],
) -> tuple[Frame, Frame]:
    listed: list[tuple[Any, ...]] = []
    for row, path in rows:
        for market in row.markets:
            variant = variant_of[row.master, row.shape, language(row, market)]
            listed.append(
                (max(row.start, -720), row.channel, market, variant, row, path)
            )
    listed.sort(key=lambda item: (item[0], item[1], item[2], item[3], item[5]))
    out: dict[str, list[Any]] = {}
    campaigns: dict[str, tuple[str, str, str, str]] = {}
    named = variant_names(place, variant_of)
    for n, (start, channel, market, variant, row, path) in enumerate(listed):
        master, paid = MASTERS[row.master], channel in PAID
        network = _network(settings.seed, row)
        account = (
            AD_ACCOUNTS[PLATFORM_OF[channel]][market]
            if paid
            else _own(company, network or channel)
        )
        keys = (
            row.master,
            start,
            ord(market),
            ord(channel[0]),
            ord(channel[-1]),
            ord(row.shape[0]),
        )
        campaign = adset = ad = creative = ""
        if paid:
            head = (
                ord(market),
                ord(channel[0]),
                ord(channel[-1]),
                ord(master.objective[1]),
            )
            campaign = digits(settings.seed, "campaign", 17, *head)
            adset = digits(settings.seed, "ad set", 17, *head, ord(row.shape[0]))
            ad, creative = (
                digits(settings.seed, word, 17, *keys) for word in ("ad", "creative")
            )
            name = f"{_MARKET_WORD[market]} | {channel} | {master.objective}"
            campaigns[campaign] = (account, channel, master.objective, name)
        meta = channel in ("meta", "retargeting")
        tube = channel in ("youtube_ads", "youtube_organic")
        cells: dict[str, Any] = {
            "placement_id": f"p{n + 1:04d}",
            "variant_id": named[variant],
            "video_id": f"bm-{place[row.master] + 1:03d}",
            "channel": channel,
            "market": market,
            "account_id": account,
            "youtube_video_id": youtube_id(settings.seed, row.master, variant)
            if tube
            else "",
            "campaign_id": campaign,
            "ad_group_id": adset,
            "ad_id": ad,
            "ad_name": f"{master.title} {row.shape}" if paid else "",
            "meta_ad_id": ad if meta else "",
            "meta_adset_id": adset if meta else "",
            "meta_campaign_id": campaign if meta else "",
            "meta_creative_id": creative if meta else "",
            "meta_video_id": digits(
                settings.seed, "meta video", 16, row.master, variant
            )
            if meta or channel == "social_organic"
            else "",
            "social_platform": network,
            "social_object_id": _post(settings.seed, network, row.master),
            "page_path": path,
            "landing_path": landing_path(master),
            "start_day": start,
            "end_day": row.end,
            "tag": f"ph-p{n + 1:04d}",
            "_video": place[row.master],
            "_extra": row.extra_usd * (settings.media_usd_per_year / 167_000),
            "_weight": row.weight,
        }
        for name, value in cells.items():
            out.setdefault(name, []).append(value)
    frame = Frame(
        {
            name: text(values) if isinstance(values[0], str) else np.array(values)
            for name, values in out.items()
        }
    )
    return frame, _campaigns(settings, campaigns)


def _own(company: Company, place: str) -> str:
    return {
        "youtube_organic": company.channel_id,
        "linkedin_pages": company.linkedin_organization_id,
        "facebook_pages": company.facebook_page_id,
        "instagram": company.instagram_user_id,
        "tiktok": company.tiktok_business_id,
    }.get(place, company.domain)


def _network(seed: int, row: Row) -> str:
    """Where a post of social_organic stands: one after the other, from a hashed start."""
    if row.channel != "social_organic":
        return ""
    turn = SOCIAL_TURNS.index(row.master) + (int(hash64(seed, "social network")) >> 32)
    return SOCIAL_PLATFORMS[turn % len(SOCIAL_PLATFORMS)]


def _post(seed: int, network: str, master: int) -> str:
    """The id that the network gives the video: as long as it writes them."""
    if not network:
        return ""
    length = {"facebook_pages": 16, "instagram": 17}.get(network, 19)
    number = digits(seed, network, length, master)
    return f"urn:li:ugcPost:{number}" if network == "linkedin_pages" else number


def landing_path(master: Master) -> str:
    if master.part == "unrelated":
        return "/trails"
    if master.objective == "conversion":
        return "/demo"
    by_theme = {
        "fair rosters": "/product/rosters",
        "mobile crews": "/product/live-board",
        "less overtime": "/product/time-tracking",
        "compliance": "/product/compliance",
        "growing teams": "/industries/electrical",
    }
    return "/" if master.objective == "awareness" else by_theme.get(master.theme, "/")


def _campaigns(
    settings: WorldSettings, campaigns: dict[str, tuple[str, str, str, str]]
) -> Frame:
    rows = []
    for campaign, (account, channel, objective, name) in sorted(campaigns.items()):
        rows.append((account, campaign, channel, objective, name, -HISTORY_DAYS))
        renamed = (
            channel == "meta" and objective == "acquisition" and name.startswith("NA")
        )
        if renamed and settings.tells("S15"):
            rows.append(
                (account, campaign, channel, objective, "Always on | rosters | NA", 150)
            )
    names = ("account_id", "campaign_id", "channel", "objective", "name", "from_day")
    columns = {name: text(row[i] for row in rows) for i, name in enumerate(names[:5])}
    return Frame(
        {**columns, "from_day": np.array([row[5] for row in rows], dtype=np.int32)}
    )
