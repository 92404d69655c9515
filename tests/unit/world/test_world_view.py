"""A view hides what is later and knows nothing that no source could know."""

from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from ingestion.world import Frame, View, World
from ingestion.world.seasons import utc_midnight
from ingestion.world.settings import START

HIDDEN = ("beta", "quality", "hazard", "intent", "affinity", "engagement", "half_life", "stock",
          "never", "dose", "hook", "held_out", "born", "blocked", "ghost", "trait", "people",
          "truth", "fit", "spread", "brand_factor", "drift")  # fmt: skip


def names_in(value: Any, depth: int = 0) -> set[str]:
    """Names of everything reachable from a view: attributes, columns, measures."""
    if isinstance(value, Frame):
        return set(value.names)
    if isinstance(value, dict):
        return {str(key) for key in value}
    if is_dataclass(value) and depth < 5:
        found = {field.name for field in fields(value)}
        for field in fields(value):
            found |= names_in(getattr(value, field.name), depth + 1)
        return found
    return set()


def test_no_hidden_truth_is_reachable_from_a_view(unit_view: View):
    public = {name for name in dir(unit_view) if not name.startswith("__")}
    for name in public:
        value = getattr(unit_view, name)
        public = public | names_in(value)
    public |= {name for value in vars(unit_view).values() for name in names_in(value)}
    assert {"impressions", "utm_content", "lifecycle_stage"} <= public
    # hook_rate is a KPI that a target may name, never a column
    found = {name for name in public for word in HIDDEN if word in name}
    assert found == set()


def test_nothing_later_than_as_of_is_shown(unit_world: World):
    day = 30
    view = unit_world.view(START + timedelta(days=day))
    end = int(utc_midnight(day + 1))
    assert view.days == 31
    assert all(values.shape[1] == 31 for values in view.delivery.values())
    for name in ("search", "fx_rates", "page_changes", "reviews"):
        assert getattr(view, name)["day"].max(initial=-999) <= day
    assert view.events["received_at"].max() < end
    for name in ("contacts", "deals", "deal_stages", "customers"):
        frame = getattr(view, name)
        for column in frame.names:
            if column.endswith("_at"):
                assert frame[column].max(initial=-1) < end, f"{name}.{column}"
    assert view.placements["start_day"].max() <= day
    assert view.videos["published_day"].max() <= day
    assert view.claims_log["conversion_day"].max(initial=0) <= day


def test_frames_refer_to_rows_that_are_there(year_views: list[View]):
    for view in year_views:
        assert set(view.placements["variant_id"]) <= set(view.variants["variant_id"])
        assert set(view.variants["video_id"]) <= set(view.videos["video_id"])
        contacts = set(view.contacts["contact_id"])
        assert set(view.deal_contacts["contact_id"]) <= contacts
        assert set(view.deals["company_id"]) - {None} <= set(
            view.companies["company_id"]
        )
        assert set(view.contacts["company_id"]) - {None} <= set(
            view.companies["company_id"]
        )
        assert set(view.deal_stages["deal_id"]) == set(view.deals["deal_id"])
        tags = set(view.events["utm_content"]) - {None}
        assert tags <= set(view.placements["tag"])
        assert set(view.events["video_ref"]) - {None} <= set(
            view.variants["variant_id"]
        )
        assert set(view.events["deal_ref"]) - {None} <= set(view.deals["deal_id"])


def test_keys_are_unique(year_views: list[View]):
    view = year_views[0]
    for name, key in (
        ("videos", "video_id"), ("variants", "variant_id"), ("placements", "placement_id"),
        ("contacts", "contact_id"), ("contacts", "email"), ("companies", "company_id"),
        ("deals", "deal_id"), ("customers", "customer_id"), ("experiments", "experiment_id"),
    ):  # fmt: skip
        values = getattr(view, name)[key].tolist()
        assert len(set(values)) == len(values), f"{name}.{key}"
    ads = view.placements["ad_id"][view.paid_placements]
    assert len(set(ads)) == len(ads)
    messages = view.events["message_id"]
    doubled = 1 - len(set(messages)) / len(messages)
    assert 0.002 < doubled < 0.007  # 0.4 % arrive twice


def test_retention_falls_from_the_first_second_on(year_views: list[View]):
    view = year_views[0]
    tube = view.placements["channel"] == "youtube_organic"
    shown = set(view.placements["video_id"][tube])
    for row, video in enumerate(view.videos["video_id"]):
        curve = view.retention(row)
        assert curve.shape == (100,)
        assert (np.diff(curve) <= 0).all()
        assert (curve[0] > 0.3) == (video in shown)


def test_updated_at_is_the_last_change_before_as_of(unit_world: World):
    early, late = (unit_world.view(START + timedelta(days=d)) for d in (40, 59))
    before = {r["deal_id"]: r for r in early.deals.rows()}
    moved = [
        (before[r["deal_id"]], r) for r in late.deals.rows() if r["deal_id"] in before
    ]
    changed = [
        (a, b) for a, b in moved if {**a, "updated_at": 0} != {**b, "updated_at": 0}
    ]
    assert changed
    assert all(b["updated_at"] > a["updated_at"] for a, b in changed)
