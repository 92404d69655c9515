"""The truth that benchmarks judge by: direct effects, removal, and what null means."""

from dataclasses import replace

import numpy as np
import pytest
from pytest import approx

from ingestion.world import WorldSettings
from ingestion.world.truth import Truth, truth_of


def test_direct_leads_sum_to_what_the_loop_expected_above_the_base(
    year_truths: list[Truth],
):
    for truth in year_truths:
        above = truth.expected_leads - truth.base_leads
        assert truth.direct.sum() == approx(above, rel=1e-5)
        assert sum(truth.by_channel().values()) == approx(above, rel=1e-5)
        assert sum(truth.by_video().values()) == approx(above, rel=1e-5)


def test_direct_leads_of_one_exposure_follow_by_hand(unit_settings: WorldSettings):
    # Nobody sees more than one channel's single dose d: the stock after k days is d 2^(-k/h),
    # so the dose's leads are sum_k rate_k beta 3 (1 - exp(-stock_k / 3)).
    truth = truth_of(replace(unit_settings, persons=300, media_usd_per_year=400.0))
    seen, life = truth.life.exposure, truth.life
    channel = truth.stage.traits.channel[seen["placement"]]
    dosed = seen["dose"] > 0
    pair = channel.astype(np.int64) * 1_000 + seen["person"]
    alone = np.flatnonzero(np.bincount(pair[dosed])[pair] == 1)
    row = next(r for r in alone if dosed[r] and seen["day"][r] >= 0 and channel[r] == 1)
    first = truth.settings.burn_in_days + int(seen["day"][row])
    last = truth.settings.burn_in_days + truth.settings.days
    stock = seen["dose"][row] * 2.0 ** (
        -np.arange(last - first) / 12
    )  # YouTube ads: 12 d
    rate = life.hazard[first:last, seen["person"][row]]
    by_hand = (rate * 0.45 * 3 * (1 - np.exp(-stock / 3))).sum()  # beta 0.45
    assert truth.direct[row] == approx(by_hand, rel=1e-4)


def test_removing_a_video_loses_most_of_its_direct_leads(year_truths: list[Truth]):
    # People lost now partly come later: removal is below the direct sum, far above nothing.
    direct = sum(t.by_video()[t.video_of("brand")] for t in year_truths[:2])
    lost = sum(t.removal(videos=[t.video_of("brand")]) for t in year_truths[:2])
    assert 0.5 * direct < lost < 1.2 * direct


def test_an_inert_video_is_worth_nothing(year_truths: list[Truth]):
    truth = year_truths[0]
    assert truth.by_video()[truth.video_of("unrelated")] == 0
    assert abs(truth.removal(videos=[truth.video_of("unrelated")])) < 4


def test_without_effects_nothing_is_lost_but_visits(unit_settings: WorldSettings):
    truth = truth_of(replace(unit_settings, effect_scale=0.0))
    assert truth.direct.sum() == 0
    assert truth.removal(videos=[truth.video_of("brand")]) == 0
    other = truth.without(videos=[truth.video_of("brand")])
    assert len(other.visit["person"]) < len(truth.life.visit["person"])


def test_a_ghost_is_delivered_and_left_without_effect(unit_truth: Truth):
    video = unit_truth.video_of("brand")
    ghost = unit_truth.without(videos=[video])
    placements = unit_truth.stage.catalogue.placements
    mine = np.flatnonzero(placements["video_id"] == video)
    feed = ghost.exposure["line"] >= 0
    rows = np.isin(ghost.exposure["placement"], mine) & feed
    real = unit_truth.life.exposure
    assert (
        rows.sum() == (np.isin(real["placement"], mine) & (real["line"] >= 0)).sum() > 0
    )
    assert ghost.exposure["dose"][rows].sum() == 0
    assert not ghost.exposure["clicked"][rows].any()


def test_direct_truth_is_refused_where_it_is_not_defined(unit_truth: Truth):
    additive = replace(
        unit_truth,
        stage=replace(
            unit_truth.stage,
            settings=replace(unit_truth.settings, hazard_form="additive"),
        ),
    )
    with pytest.raises(ValueError, match="removal"):
        _ = additive.direct


def test_every_anonymous_id_has_one_person(unit_truth: Truth):
    identity = unit_truth.identity()
    assert len(set(identity["anonymous_id"])) == len(identity)
    per_person = len(identity) / len(set(identity["person"].tolist()))
    assert per_person > 1.2  # devices and dropped cookies
