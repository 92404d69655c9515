"""Which video is proposed for an object, and with what score: worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from warehouse.graph.proposals import Cut, Proposal, Shelf, Unmapped, accepted

POST = Unmapped(
    platform="youtube",
    account_id="UC1",
    object_id="yt9",
    video_id="yt9",
    channel="youtube_organic",
    is_bought=False,
    title="A full tour",
    ad_name=None,
    tag=None,
    duration_seconds=100.0,
    published_date=date(2026, 3, 1),
    first_date=None,
    views=10,
    views_definition="youtube_views",
    spend_usd=None,
)
AD = replace(
    POST,
    platform="meta_ads",
    account_id="act_1",
    object_id="ad9",
    channel="meta",
    is_bought=True,
    title=None,
    ad_name="EU | A full tour 9:16 | v2",
)
TOUR = Cut(
    video_id="tour",
    variant_id="tour-wide",
    titles=("A full tour",),
    format="16:9",
    duration_seconds=100.0,
    days=(date(2026, 3, 1),),
)
TALL = replace(TOUR, variant_id="tour-tall", format="9:16", duration_seconds=30.0)
OTHER = replace(
    TOUR,
    video_id="other",
    variant_id="other-1",
    titles=("Your first roster",),
    duration_seconds=240.0,
    days=(date(2025, 1, 1),),
)


def score(unmapped: Unmapped, *cuts: Cut) -> float:
    return Shelf(cuts).proposals(unmapped, least=0)[0].score


def test_score_is_full_where_all_is_told_and_the_same() -> None:
    # 0.55 title + 0.2 length + 0.1 day + 0.1 a channel that has other videos and lacks
    # this one, and half of 0.05: the post does not tell its shape
    elsewhere = replace(OTHER, accounts=frozenset({("youtube", "UC1")}))
    assert score(POST, TOUR, elsewhere) == pytest.approx(0.975)


def test_score_counts_half_what_nobody_tells() -> None:
    # the title is the same: 0.55; length, cut, day and account untold: 0.45 / 2
    silent = replace(POST, duration_seconds=None, published_date=None)
    assert score(silent, TOUR) == pytest.approx(0.775)


def test_nothing_is_certain_without_a_title() -> None:
    # 0.55 / 2 for the title, length 0.2, day 0.1, cut and account untold 0.15 / 2
    assert score(replace(POST, title=None), TOUR) == pytest.approx(0.65)


def test_channel_seldom_posts_a_video_twice() -> None:
    posted = replace(TOUR, accounts=frozenset({("youtube", "UC1")}))
    assert score(POST, posted) == pytest.approx(0.875)


def test_ad_account_shows_again_what_it_bought() -> None:
    # the name holds the title: 0.95 x 0.55; shape 9:16 says no to 16:9
    here = replace(TOUR, accounts=frozenset({("meta_ads", "act_1")}))
    assert score(AD, here) == pytest.approx(0.95 * 0.55 + 0.2 + 0.1 + 0.1)
    # another account bought it in the same channel, this one bought something else
    there = replace(
        TOUR,
        accounts=frozenset({("meta_ads", "act_2")}),
        channels=frozenset({"meta"}),
    )
    else_here = replace(OTHER, accounts=frozenset({("meta_ads", "act_1")}))
    assert score(AD, there, else_here) == pytest.approx(0.95 * 0.55 + 0.3 + 0.075)


def test_video_is_proposed_once_by_its_likeliest_cut() -> None:
    found = Shelf([TOUR, TALL, OTHER]).proposals(replace(AD, duration_seconds=30.0))
    assert [(each.video_id, each.variant_id) for each in found] == [
        ("tour", "tour-tall")
    ]


def test_proposals_are_three_at_most_the_best_first() -> None:
    cuts = [
        replace(
            TOUR, video_id=f"v{n}", variant_id=f"v{n}", duration_seconds=100.0 + 4 * n
        )
        for n in range(5)
    ]
    found = Shelf(reversed(cuts)).proposals(POST)
    assert [each.video_id for each in found] == ["v0", "v1", "v2"]
    assert found[0].score > found[1].score > found[2].score


def test_what_is_not_alike_is_not_proposed() -> None:
    stranger = replace(POST, title="Quarterly numbers", duration_seconds=900.0)
    assert Shelf([OTHER]).proposals(stranger) == []
    assert Shelf([]).proposals(POST) == []


def test_title_that_a_platform_shows_counts_as_the_master_s_own() -> None:
    renamed = replace(TOUR, titles=("Film 7", "A full tour"))
    assert score(POST, renamed) == score(POST, TOUR)


def proposal(video: str, score: float) -> Proposal:
    return Proposal(video, f"{video}-1", video, score, {})


def test_accepted_takes_what_reaches_the_score_clear_of_the_second() -> None:
    clear = [proposal("a", 0.9), proposal("b", 0.85)]
    close = [proposal("a", 0.9), proposal("b", 0.86)]
    assert accepted({POST: clear}, 0.9) == {POST: clear[0]}
    assert accepted({POST: clear}, 0.91) == {}
    assert accepted({POST: close}, 0.5) == {}
    assert accepted({POST: [clear[0]], AD: []}, 0.5) == {POST: clear[0]}
