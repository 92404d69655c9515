"""Marketing's own papers: what was spent on making, what was promised, tried and changed.

These are the catalogue's files; a team would know all of it. Effects are not in here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingestion.world.channels import CODE
from ingestion.world.crowd import VIEWS_REDEFINED
from ingestion.world.frames import Array, Frame, text
from ingestion.world.hashing import hash01, normal
from ingestion.world.masters import PAGES
from ingestion.world.placements import Catalogue
from ingestion.world.settings import WorldSettings
from ingestion.world.site import failures
from ingestion.world.traits import Traits, hash_key

MEDIAN_COST_USD, COST_SD = 6_500.0, 0.72
CUT_SHARE = 0.10  # of the master's cost, for a cut
VIEW_WINDOWS_END = 72  # day
INDICATORS = {
    "awareness": ("hook_rate", "average_percentage_viewed", 0.24),
    "acquisition": ("link_ctr", "view_to_lead_rate", 0.005),
    "conversion": ("view_to_lead_rate", "win_rate_exposed", 0.04),
    "retention": ("onboarding_activation", "average_percentage_viewed", 0.60),
    "credibility": ("average_percentage_viewed", "win_rate_exposed", 0.35),
}
# What the company promised for each objective as a whole; money per quarter in USD.
COMPANY_TARGETS = (
    ("awareness", "hook_rate", 0.20),
    ("acquisition", "view_to_lead_rate", 0.015),
    ("conversion", "attributed_revenue", 60_000.0),
    ("retention", "returning_viewers", 0.08),
    ("credibility", "proof_coverage", 0.25),
)
Rows = list[tuple[Any, ...]]


def frame_of(names: str, rows: Rows, *sort: str) -> Frame:
    """Rows as a frame; columns of numbers become arrays of numbers."""
    columns: dict[str, Array] = {}
    for i, name in enumerate(names.split()):
        values = [row[i] for row in rows]
        words = any(isinstance(v, str) or v is None for v in values) or not values
        columns[name] = text(values) if words else np.array(values)
    frame = Frame(columns)
    return frame.sort(*sort) if sort and len(frame) else frame


def master_costs(settings: WorldSettings, catalogue: Catalogue) -> Array:
    """USD cents per video."""
    key = np.array([hash_key(m.title) for m in catalogue.masters])
    usd = MEDIAN_COST_USD * np.exp(COST_SD * normal(settings.seed, "cost", key))
    return np.asarray((np.rint(usd / 10) * 1_000).astype(np.int64))


def variant_costs(settings: WorldSettings, catalogue: Catalogue) -> Frame:
    """Columns that variants carry: what making them cost, what a new one would have."""
    variants = catalogue.variants
    row = {name: i for i, name in enumerate(catalogue.videos["video_id"])}
    video = np.array([row[name] for name in variants["video_id"]])
    master = master_costs(settings, catalogue)[video]
    first = np.array([name.endswith("-1") for name in variants["variant_id"]])
    adapt = np.rint(master * CUT_SHARE / 100).astype(np.int64) * 100
    return variants.replaced(
        adaptation_cost_cents=np.where(first, 0, adapt),
        new_asset_quote_cents=np.where(
            first, 0, np.rint(master * 0.8 / 100).astype(int) * 100
        ),
        currency=text(["USD"] * len(variants)),
    )


def videos_with_plans(catalogue: Catalogue, traits: Traits) -> Frame:
    """Videos and what was written down about them before the shoot."""
    videos = catalogue.videos
    at = np.full(len(videos), 0.5)
    at[traits.video] = traits.drop_at
    life = {
        "awareness": 12,
        "acquisition": 12,
        "conversion": 18,
        "retention": 24,
        "credibility": 24,
    }
    return videos.replaced(
        key_message_seconds=np.round(at * videos["duration_seconds"]).astype(np.int64),
        expected_life_months=np.array([life[o] for o in videos["objective"]]),
    )


def production_costs(settings: WorldSettings, catalogue: Catalogue) -> Frame:
    master = master_costs(settings, catalogue)
    rows: Rows = []
    for i, video in enumerate(catalogue.videos.rows()):
        day, left = video["published_day"] - 20, int(master[i])
        for category, share in (
            ("agency", 0.68),
            ("crew", 0.21),
            ("internal hours", None),
        ):
            part = left if share is None else round(int(master[i]) * share / 100) * 100
            rows.append((video["video_id"], None, day, category, part, "USD", None))
            left, day = left - part, day + 6
    for variant in variant_costs(settings, catalogue).rows():
        if variant["adaptation_cost_cents"]:
            rows.append(
                (
                    variant["video_id"],
                    variant["variant_id"],
                    variant["created_day"],
                    "adaptation",
                    variant["adaptation_cost_cents"],
                    "USD",
                    None,
                )
            )
    return frame_of(
        "video_id variant_id day category amount_cents currency note", rows, "day"
    )


def objectives(catalogue: Catalogue) -> Frame:
    rows: Rows = []
    for video in catalogue.videos.rows():
        first, second, _ = INDICATORS[video["objective"]]
        day = video["published_day"]
        rows.append(
            (
                video["video_id"],
                video["objective"],
                first,
                second,
                video["owner"],
                day - 30,
                day + 90,
            )
        )
    names = "video_id objective indicator second_indicator owner set_day review_day"
    return frame_of(names, rows, "set_day")


def targets(settings: WorldSettings, catalogue: Catalogue) -> Frame:
    """One target per video and indicator for each half year it is out, and the company's."""
    rows: Rows = []
    for i, video in enumerate(catalogue.videos.rows()):
        first, _, usual = INDICATORS[video["objective"]]
        key = hash_key(catalogue.masters[i].title)
        aim = usual * (0.85 + 0.35 * float(hash01(settings.seed, "target", key)))
        begin = max(int(video["published_day"]), -181)
        for start in range(begin, begin + 181 * 4, 181):
            rows.append(
                (
                    video["video_id"],
                    video["objective"],
                    first,
                    round(aim, 4),
                    start,
                    start + 180,
                    start - 25,
                    video["owner"],
                )
            )
    for objective, kpi, aim in COMPANY_TARGETS:
        rows.append((None, objective, kpi, aim, 0, 454, -30, "Noor Brandt"))
    names = (
        "video_id objective kpi target period_start_day period_end_day set_day owner"
    )
    return frame_of(names, rows, "set_day")


def page_changes(
    settings: WorldSettings, catalogue: Catalogue, traits: Traits
) -> Frame:
    """Embeds, player failures and edits of the site's pages, by day."""
    rows: Rows = []
    placements = catalogue.placements
    for p in np.flatnonzero(traits.channel == CODE["site_player"]).tolist():
        path, video = placements["page_path"][p], placements["video_id"][p]
        rows.append((int(traits.start[p]), path, "embed", video, None))
        for first, last in failures(settings, path, int(traits.start[p])):
            rows.append((first, path, "failure", video, "player did not load"))
            rows.append((last + 1, path, "embed", video, "player back"))
    number = np.arange(24)
    day = (hash01(settings.seed, "edit day", number) * 455).astype(int)
    page = (hash01(settings.seed, "edit page", number) * len(PAGES)).astype(int)
    notes = ("new headline", "new prices", "shorter form", "rewritten text")
    for i in number.tolist():
        if PAGES[page[i]].kind in ("content", "product"):
            rows.append((int(day[i]), PAGES[page[i]].path, "edit", None, notes[i % 4]))
    return frame_of("day page_path change video_id note", rows, "day", "page_path")


def definition_changes(settings: WorldSettings) -> Frame:
    rows: Rows = [
        (
            "meta_ads",
            "view_window_conversions",
            VIEW_WINDOWS_END,
            "view windows longer than one day are no longer reported",
        )
    ]
    if settings.tells("S15"):
        rows.append(
            (
                "youtube",
                "views",
                VIEWS_REDEFINED,
                "a view is counted when playback begins; engaged views as before",
            )
        )
    return frame_of("platform metric day says", rows, "day")


def pages() -> Frame:
    return frame_of(
        "page_path kind theme", [(page.path, page.kind, page.theme) for page in PAGES]
    )
