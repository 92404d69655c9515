"""The catalogue that the sandbox company's marketing team would keep: the same CSV files.

Only what a team knows on the day: names, plans, bills, targets. Not here: anything that a
platform measures, or that nobody could know.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ingestion.world.frames import Array, Frame
from ingestion.world.view import View

OPEN = 9999  # end_day of what nobody has taken down
# Which platform's reports name a placement; own places are seen by the site's events.
PLATFORMS = {
    "youtube_organic": "youtube",
    "youtube_ads": "google_ads",
    "meta": "meta_ads",
    "retargeting": "meta_ads",
    "linkedin_ads": "linkedin_ads",
    "tiktok_ads": "tiktok_ads",
}
OWN_PLATFORM = "site_events"

Cells = Sequence[Any] | Array


def write_files(view: View, folder: Path) -> None:
    """Write every file as of the day; a file that says the same is left untouched."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in tables(view).items():
        _write(folder / f"{name}.csv", columns)


def tables(view: View) -> Mapping[str, Mapping[str, Cells]]:
    """File -> column -> cells."""
    days = _Days(view)
    return {
        "videos": _videos(view, days),
        "variants": _variants(view, days),
        "placements": _placements(view, days),
        "production_costs": _production_costs(view, days),
        "objectives": _objectives(view, days),
        "targets": _targets(view, days),
        "experiments": _experiments(view, days),
        "page_changes": _page_changes(view, days),
        "definition_changes": {
            **_same(view.definition_changes, "platform", "metric"),
            "changed_date": days(view.definition_changes["day"]),
            **_same(view.definition_changes, "says"),
        },
        "fx_rates": {
            "date": days(view.fx_rates["day"]),
            "currency_code": view.fx_rates["currency"],
            "rate_to_usd": view.fx_rates["rate_to_usd"],
        },
        "finance": {
            **_same(view.finance, "month", "deal_id"),
            "account": view.finance["account_name"],
            "amount": _money(view.finance["amount_cents"]),
            "currency_code": view.finance["currency"],
        },
    }


class _Days:
    """Day numbers as dates; what lies ahead stays empty, unless it is a plan."""

    def __init__(self, view: View) -> None:
        self._start: date = view.start
        self._last = view.days - 1

    def __call__(self, numbers: Any, *, ahead: bool = False) -> list[date | None]:
        last = OPEN - 1 if ahead else self._last
        return [
            self._start + timedelta(days=number) if number <= last else None
            for number in np.asarray(numbers).tolist()
        ]


def _videos(view: View, days: _Days) -> Mapping[str, Cells]:
    videos = view.videos
    return {
        **_same(videos, "video_id", "title", "objective", "role", "theme"),
        **_same(videos, "duration_seconds", "key_message_seconds"),
        "published_date": days(videos["published_day"]),
        **_same(videos, "expected_life_months", "owner"),
    }


def _variants(view: View, days: _Days) -> Mapping[str, Cells]:
    variants = view.variants
    return {
        **_same(variants, "variant_id", "video_id", "format", "language"),
        "duration_seconds": variants["duration_seconds"],
        "created_date": days(variants["created_day"]),
        "adaptation_cost": _money(variants["adaptation_cost_cents"], blank=0),
        "new_asset_quote": _money(variants["new_asset_quote_cents"], blank=0),
        "currency_code": variants["currency"],
    }


def _placements(view: View, days: _Days) -> Mapping[str, Cells]:
    known = view.placements.where(
        np.isin(view.placements["variant_id"], view.variants["variant_id"])
    )
    organic = known["channel"] == "youtube_organic"
    return {
        **_same(known, "placement_id", "variant_id", "channel"),
        "platform": [
            network or PLATFORMS.get(channel, OWN_PLATFORM)
            for channel, network in zip(
                known["channel"], known["social_platform"], strict=True
            )
        ],
        "account_id": known["account_id"],
        "platform_object_id": np.where(
            organic,
            known["youtube_video_id"],
            np.where(
                known["social_object_id"] != "",
                known["social_object_id"],
                known["ad_id"],
            ),
        ),
        "platform_video_id": np.where(
            known["youtube_video_id"] != "",
            known["youtube_video_id"],
            np.where(known["meta_ad_id"] != "", known["meta_video_id"], ""),
        ),
        **_same(known, "page_path", "tag"),
        "start_date": days(known["start_day"]),
        "end_date": days(known["end_day"]),
    }


def _production_costs(view: View, days: _Days) -> Mapping[str, Cells]:
    """The bills, but for adaptations: variants.csv tells what those cost."""
    costs = view.production_costs
    costs = costs.where(costs["category"] != "adaptation")
    return {
        **_same(costs, "video_id", "variant_id"),
        "cost_date": days(costs["day"]),
        "category": costs["category"],
        "amount": _money(costs["amount_cents"]),
        "currency_code": costs["currency"],
        "note": costs["note"],
    }


def _objectives(view: View, days: _Days) -> Mapping[str, Cells]:
    said = view.objectives
    return {
        **_same(
            said, "video_id", "objective", "indicator", "second_indicator", "owner"
        ),
        "set_date": days(said["set_day"]),
        "review_date": days(said["review_day"], ahead=True),
    }


def _targets(view: View, days: _Days) -> Mapping[str, Cells]:
    targets = view.targets
    return {
        **_same(targets, "video_id", "objective", "kpi", "target"),
        "period_start": days(targets["period_start_day"], ahead=True),
        "period_end": days(targets["period_end_day"], ahead=True),
        "set_date": days(targets["set_day"]),
        "owner": targets["owner"],
    }


def _experiments(view: View, days: _Days) -> Mapping[str, Cells]:
    tests = view.experiments
    names = ("experiment_id", "name", "kind", "channel", "video_id", "unit")
    return {
        **_same(tests, *names, "treated", "control", "control_share"),
        "treated_units": _counted(tests["treated_units"]),
        "control_units": _counted(tests["control_units"]),
        "treated_conversions": _counted(tests["treated_conversions"]),
        "control_conversions": _counted(tests["control_conversions"]),
        "start_date": days(tests["start_day"]),
        "end_date": days(tests["end_day"]),
        "note": tests["note"],
    }


def _page_changes(view: View, days: _Days) -> Mapping[str, Cells]:
    changes = view.page_changes
    return {
        "change_date": days(changes["day"]),
        **_same(changes, "page_path", "change", "video_id", "note"),
    }


def _same(frame: Frame, *names: str) -> dict[str, Cells]:
    return {name: frame[name] for name in names}


def _money(cents: Any, *, blank: int | None = None) -> list[str | None]:
    """1234 -> "12.34"; `blank` stands for no amount."""
    return [
        None if each == blank else f"{each // 100}.{each % 100:02d}"
        for each in np.asarray(cents).tolist()
    ]


def _counted(values: Any) -> list[int | None]:
    return [None if each < 0 else each for each in np.asarray(values).tolist()]


def _write(path: Path, columns: Mapping[str, Cells]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    content = text.getvalue().encode()
    if path.exists() and path.read_bytes() == content:
        return
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(path)
