"""What marketing assigned on purpose: the hold-out, the brand film by region, pages with a video.

Rows of the catalogue, with who was treated and who was not; results are not in here.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from ingestion.world.bought import Bought
from ingestion.world.channels import CODE
from ingestion.world.company import REGIONS
from ingestion.world.frames import Frame
from ingestion.world.masters import CONTENT_PAGES
from ingestion.world.papers import Rows, frame_of
from ingestion.world.placements import Catalogue
from ingestion.world.plan import EMBED_DAY, OPEN, STAGGERED
from ingestion.world.settings import START, WorldSettings
from ingestion.world.traits import Traits


def experiments(
    settings: WorldSettings, catalogue: Catalogue, lines: Bought, traits: Traits
) -> Frame:
    """What was assigned on purpose. Counts of the hold-out are filled in by the View."""
    rows: Rows = []
    video_id = catalogue.videos["video_id"]
    reminder, brand = catalogue.part("reminder"), catalogue.part("brand")
    if reminder >= 0:
        rows.append(
            (
                "reminder-holdout",
                "Does following visitors around bring anyone",
                "holdout",
                "retargeting",
                video_id[reminder],
                "person",
                "shown",
                "never shown",
                0.3,
                -60,
                OPEN,
                "30 per cent of the audience never see the ad",
            )
        )
    if brand >= 0:
        rows += _blocks(settings, lines, traits, str(video_id[brand]), brand)
    embedded = catalogue.part("embedded")
    paths = catalogue.placements["page_path"]
    if embedded >= 0:
        mine = (catalogue.video_index == embedded) & (
            traits.channel == CODE["site_player"]
        )
        pages = sorted(set(paths[mine].tolist()))
        taken = {*pages, *(path for _, path in STAGGERED)}
        others = [page.path for page in CONTENT_PAGES if page.path not in taken]
        rows.append(
            (
                "page-embed",
                "A video on the weakest guides",
                "page",
                "site_player",
                video_id[embedded],
                "page",
                "|".join(pages),
                "|".join(others),
                round(len(others) / (len(others) + len(pages)), 3),
                EMBED_DAY,
                OPEN,
                None,
            )
        )
    names = (
        "experiment_id name kind channel video_id unit treated control control_share start_day "
        "end_day note"
    )
    return frame_of(names, rows, "start_day")


def _blocks(
    settings: WorldSettings, lines: Bought, traits: Traits, video_id: str, brand: int
) -> Rows:
    """The brand film, on and off by region in blocks of four weeks."""
    mine = np.flatnonzero(
        (traits.video[lines.placement] == brand) & (lines.region >= 0)
    )
    days = np.arange(-settings.burn_in_days, settings.horizon)
    block = np.floor_divide(days + 700, 28)
    rows: Rows = []
    for number in np.unique(block):
        inside = np.flatnonzero(block == number)
        on: list[bool] = np.any(lines.live[mine][:, inside], axis=1).tolist()
        names = [REGIONS[r].name for r in lines.region[mine].tolist()]
        treated = sorted({n for n, o in zip(names, on, strict=True) if o})
        control = sorted({n for n, o in zip(names, on, strict=True) if not o})
        start = int(number) * 28 - 700
        if treated and control and start >= -settings.burn_in_days:
            rows.append(
                (
                    f"brand-film-{START + timedelta(days=start)}",
                    "Brand film by region",
                    "geo",
                    "youtube_ads",
                    video_id,
                    "region",
                    "|".join(treated),
                    "|".join(control),
                    round(len(control) / len(REGIONS), 3),
                    start,
                    start + 27,
                    None,
                )
            )
    return rows
