"""Stories of deals, customers and reuse: each world beside its twin without that story.

The same draws are made in both, so what differs is what was planted.
"""

from dataclasses import replace

import numpy as np
import pytest

from ingestion.world import STORIES, View, build
from ingestion.world.actors import build_actors
from ingestion.world.customers import (
    MONTH_MS,
    ONBOARDING_MONTHS,
    Customers,
    build_customers,
)
from ingestion.world.frames import Array
from ingestion.world.outcomes import NEVER, Deals, build_deals, build_funnel
from ingestion.world.sessions import build_sessions
from ingestion.world.truth import Truth

EVALUATION = 2  # the stage after the demo


def sold(truth: Truth, *, without: str = "") -> tuple[Deals, Customers]:
    """Deals and customers of the same life, a story of theirs left out."""
    settings = replace(truth.settings, stories=STORIES - {without})
    stage = replace(truth.stage, settings=settings)
    actors = build_actors(settings, stage.people)
    visits = build_sessions(settings, truth.life.visit, stage.people.region)
    funnel = build_funnel(stage, truth.life, visits, actors)
    deals = build_deals(stage, funnel, actors)
    return deals, build_customers(settings, actors, funnel, deals, onboarding=True)


def saw(truth: Truth, deals: Deals, stage: int, part: str) -> Array:
    """Deals in whose room this video stood in this stage."""
    placement = deals.room[:, stage]
    video = truth.stage.catalogue.video_index[np.maximum(placement, 0)]
    return (placement != NEVER) & (video == truth.stage.catalogue.part(part))


def test_demo_shortens_evaluation_and_the_naive_mean_says_the_opposite(
    year_truths: list[Truth],
) -> None:
    with_demo, others = [], []
    for truth in year_truths:  # S5
        told, plain = (sold(truth, without=s)[0] for s in ("", "S5"))
        seen = saw(truth, told, EVALUATION - 1, "demo")
        through = told.entered[:, EVALUATION + 1] != NEVER
        spent, before = (
            (d.entered[:, EVALUATION + 1] - d.entered[:, EVALUATION])[through]
            for d in (told, plain)
        )
        assert np.allclose(spent[~seen[through]], before[~seen[through]])
        ratio = spent[seen[through]] / before[seen[through]]
        assert np.allclose(ratio, 0.70, atol=0.001)  # exp(-0.357)
        whole = told.closed_at - told.entered[:, 0]
        with_demo.append(whole[seen].mean())
        others.append(whole[~seen].mean())
    assert np.mean(with_demo) > 1.15 * np.mean(others)  # early losses are short


def test_testimonial_wins_one_deal_in_seven_more(year_truths: list[Truth]) -> None:
    more = []
    for truth in year_truths:  # S6
        told, plain = (sold(truth, without=s)[0] for s in ("", "S6"))
        seen = saw(truth, told, EVALUATION, "testimonial")
        assert np.array_equal(told.won[~seen], plain.won[~seen])
        more.append(told.won[seen].mean() - plain.won[seen].mean())
    assert 0.08 < np.mean(more) < 0.20  # logit + 0.80


def early_leavers(customers: Customers) -> Array:
    stayed = customers.churned_at - customers.started_at
    months = ONBOARDING_MONTHS * MONTH_MS
    return (customers.churned_at != NEVER) & (stayed <= months)


def test_onboarding_video_keeps_two_in_five_of_the_early_leavers(
    year_truths: list[Truth],
) -> None:
    told_left = plain_left = 0
    for truth in year_truths:  # S7
        told, plain = (sold(truth, without=s)[1] for s in ("", "S7"))
        watched = told.onboarding_at != NEVER
        left, before = early_leavers(told), early_leavers(plain)
        assert np.array_equal(left[~watched], before[~watched])
        assert not (left & ~before).any()
        told_left += int(left[watched].sum())
        plain_left += int(before[watched].sum())
    assert plain_left > 80
    assert 0.5 < told_left / plain_left < 0.72  # churn x 0.60, month by month


@pytest.fixture(scope="module")
def twins(year_truths: list[Truth]) -> list[View]:
    """The same worlds without the launch and without the tall cut's handicap."""
    return [
        build(replace(truth.settings, stories=STORIES - {"S9", "S11"})).view()
        for truth in year_truths
    ]


def test_launch_film_makes_people_search_for_the_brand(
    year_views: list[View], twins: list[View]
) -> None:
    ratios = [  # S9
        branded_clicks(view) / branded_clicks(twin)
        for view, twin in zip(year_views, twins, strict=True)
    ]
    assert min(ratios) > 1.1
    assert 1.2 < np.mean(ratios) < 1.9


def branded_clicks(view: View) -> float:
    """In the four weeks of the launch."""
    day = view.search["day"]
    launch = view.search["is_brand"] & (day >= 240) & (day < 268)
    return float(view.search["clicks"][launch].sum())


def test_best_held_video_stands_in_one_place_and_few_have_seen_it(
    year_views: list[View],
) -> None:
    for view in year_views:  # S10
        held = {}
        for row, video in enumerate(view.videos["video_id"].tolist()):
            curve = view.retention(row)
            if curve.any():
                length = view.variants["video_id"] == video
                seconds = float(view.variants["duration_seconds"][length].max())
                held[video] = (np.log(seconds), np.log(curve.mean()))
        x, y = np.array(list(held.values())).T
        # what is longer is held worse: what is left once that is taken away
        left = dict(zip(held, y - np.polyval(np.polyfit(x, y, 1), x), strict=True))
        (deep,) = view.videos["video_id"][
            view.videos["title"] == "The Sunday that plans itself"
        ]
        assert max(left, key=left.__getitem__) == deep
        places = view.placements["video_id"] == deep
        assert places.sum() == 1
        views = view.delivery["views"].sum(axis=1)
        assert views[places].sum() < 0.15 * views.sum()


def test_tall_cut_keeps_four_fifths_of_its_masters_clicks_at_equal_age(
    year_views: list[View], twins: list[View]
) -> None:
    kept = tall_to_wide(year_views) / tall_to_wide(twins)  # S11
    assert 0.74 < kept < 0.86


def tall_to_wide(views: list[View]) -> float:
    """Click rates of one video's two cuts in their first ninety days, one by the other."""
    clicks, shown = np.zeros(2), np.zeros(2)
    for view in views:
        title = view.videos["title"] == "Swap a shift from your van"
        (video,) = view.videos["video_id"][title]
        cuts = view.variants
        is_tall = dict(zip(cuts["variant_id"], cuts["format"] == "9:16", strict=True))
        places = view.placements
        mine = (places["video_id"] == video) & (places["channel"] == "meta")
        for row in np.flatnonzero(mine).tolist():
            start = max(int(places["start_day"][row]), 0)
            age = slice(start, start + 90)
            tall = int(is_tall[places["variant_id"][row]])
            clicks[tall] += view.delivery["clicks"][row, age].sum()
            shown[tall] += view.delivery["impressions"][row, age].sum()
    wide, tall_rate = clicks / shown
    return float(tall_rate / wide)
