"""News, videos, system, reuse, trust: branch by branch."""

from datetime import date

import pytest

from tests.unit.report.samples import (
    claim,
    counters,
    deals,
    kpi,
    origin,
    plain,
    score,
    source,
    spend,
    video,
)
from warehouse.report import words
from warehouse.report.model import Finance, Issued, Quarantined
from warehouse.report.text import news, system, trust, videos

AS_OF = date(2026, 3, 1)


def test_decisions_are_unknown_until_they_are_on_record() -> None:
    nothing = "Decisions: no earlier recommendation to look back on."
    assert news.decisions(Issued(issued=3, earlier=0, last_earlier=None)) == nothing
    said = plain(news.decisions(Issued(issued=4, earlier=1, last_earlier=AS_OF)))
    assert said == (
        "Decisions: 1 earlier recommendation, the last of 1 March 2026; what became of them "
        "can't be told yet, no decision is on record."
    )


def test_counters_that_fell_are_counted() -> None:
    assert news.taken_back(counters()) == "Restated: no lifetime counter fell."
    fell = counters(falls=2, views_taken_back=60, videos_with_falls=1)
    assert plain(news.taken_back(fell)) == (
        "Restated: the platform took back 60 views of 1 video (2 falls of counters that "
        "should only grow)."
    )
    several = counters(definitions=2, falls=2, views_taken_back=60, videos_with_falls=1)
    assert plain(news.taken_back(several)) == (
        "Restated: counters that should only grow fell for 1 video (2 falls)."
    )
    assert plain(news.gaps(counters(gaps=1))).startswith("Counters: 1 gap of more")


def test_warnings_name_what_changed() -> None:
    assert news.redefined("youtube", 2).startswith("YouTube counted views in 2 ways")
    assert "1 row of spend without an exchange rate is" in plain(news.unconverted(1))
    assert "3 rows of spend without an exchange rate are" in plain(news.unconverted(3))
    assert "(reels_plays)" in news.new_columns(source(new_columns="reels_plays"))
    assert "(2 new fields)" in plain(news.new_columns(source(new_columns="2")))


@pytest.mark.parametrize(
    ("few", "many", "said"),
    [
        (0, 6, "No won revenue goes along with any video yet."),
        (1, 1, "All the won revenue that goes along with video goes along with one."),
        (
            1,
            6,
            "1 of 6 videos carries half of the won revenue that goes along with video.",
        ),
        (
            2,
            6,
            "2 of 6 videos carry half of the won revenue that goes along with video.",
        ),
    ],
)
def test_carried_counts_the_videos(few: int, many: int, said: str) -> None:
    assert videos.carried(few, many) == said


@pytest.mark.parametrize(
    ("last_seen", "said"),
    [
        (None, "never seen"),
        (date(2026, 2, 1), "live"),  # 28 days ago
        (date(2026, 1, 31), "idle for 29 days"),
    ],
)
def test_a_video_is_idle_after_four_weeks(last_seen: date | None, said: str) -> None:
    assert plain(videos.state(video(last_seen=last_seen), AS_OF)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "21.00 % hook rate, missed"),
        ({"target": None}, "21.00 % hook rate, no target"),
        ({"upper": 0.3}, "21.00 % hook rate, too close to call"),
        ({"target": 0.1}, "21.00 % hook rate, reached"),
        ({"value": None}, "can't tell yet"),
    ],
)
def test_target_of_a_video_waits_for_its_interval(
    changes: dict[str, float | None], said: str
) -> None:
    assert plain(videos.target(score(**changes), kpi())) == said


def test_target_of_a_video_has_its_currency_and_its_limits() -> None:
    assert videos.target(None, kpi()) == "can't tell yet"
    assert videos.target(score(), None) == "can't tell yet"
    revenue = kpi(kpi="attributed_revenue", unit="usd", kind="amount")
    money = score(value=40_000, target=50_000, lower=None, upper=None)
    assert plain(videos.target(money, revenue)) == (
        "40,000 USD attributed revenue, missed"
    )


def test_drop_says_where_viewers_leave() -> None:
    assert videos.drop(None, None, is_known=False).startswith("Too few points")
    assert videos.drop(None, None, is_known=True).startswith("Viewers leave little")
    assert plain(videos.drop(0.63, 0.11, is_known=True)) == (
        "At 63 % of the video 11 % of those still watching leave at once, more than "
        "anywhere around it."
    )


def test_a_video_says_nothing_of_what_it_has_not() -> None:
    bare = video()
    assert videos.made(bare) == videos.costs(bare) == videos.lately(bare) == ""
    assert videos.joined(bare) == ""


def test_a_video_tells_what_it_is_and_cost() -> None:
    full = video(
        role="attract",
        theme="calm",
        owner="Noor",
        duration_seconds=45.0,
        published_date=AS_OF,
        production_cost_usd=12_000.0,
        adaptation_cost_usd=0.0,
        media_spend_usd=None,
        period_spend_usd=900.0,
        period_impressions=1000,
        period_watch_hours=12.4,
        matched_by="catalogue",
    )
    assert plain(videos.made(full)) == (
        "Made to attract, theme calm, 45 seconds, published 1 Mar 2026, owner Noor."
    )
    assert videos.costs(full) == "Cost in USD: production 12,000, adaptations 0."
    assert videos.lately(full) == (
        "Last 90 days: media 900 USD, 1,000 impressions, 12 hours watched."
    )
    assert videos.joined(full) == "Joined to its rows by: catalogue."
    said = plain(videos.own_score(score(), kpi(says="who stayed")))
    assert said.startswith(
        "Hook rate (who stayed): 21.00 %. Target 25 % missed. Between"
    )


def test_lifetime_counters_are_told_as_far_as_they_were_read() -> None:
    assert videos.counted(counters()) == "No lifetime counter is on record."
    once = counters(videos=3, first_date=AS_OF, last_date=AS_OF)
    assert plain(videos.counted(once)) == (
        "3 platform videos counted once, on 1 March 2026."
    )
    often = counters(videos=1, first_date=date(2026, 2, 1), last_date=AS_OF, gained=40)
    assert plain(videos.counted(often)) == (
        "1 platform video gained 40 views between 1 February 2026 and 1 March 2026, as far "
        "as readings follow one another."
    )
    mixed = counters(
        videos=4,
        first_date=date(2026, 2, 1),
        last_date=AS_OF,
        definitions=3,
        gained=40,
    )
    assert plain(videos.counted(mixed)) == (
        "4 platform videos counted between 1 February 2026 and 1 March 2026, in 3 "
        "definitions of a view: their gains are not added."
    )


def test_lists_that_are_cut_say_how_much_is_left() -> None:
    assert plain(videos.folded(28)) == "28 videos with less at stake"
    assert plain(videos.more(1)) == "1 more video with less at stake: published.videos."


@pytest.mark.parametrize(
    ("mapped", "all_videos", "start"),
    [
        (0, 0, "No video is known yet."),
        (6, 6, "Every video is in the catalogue."),
        (5, 6, "1 of 6 videos is not in the catalogue, so no objective judges it"),
        (4, 6, "2 of 6 videos are not in the catalogue, so no objective judges them"),
    ],
)
def test_mapped_counts_what_no_objective_judges(
    mapped: int, all_videos: int, start: str
) -> None:
    assert plain(videos.mapped(mapped, all_videos)).startswith(start)


def test_speed_and_wins_claim_no_effect() -> None:
    assert system.speed(deals(exposed_days=None)).startswith("Can't be told yet")
    said = plain(system.speed(deals()))
    assert "took 50 days in the middle (n = 8), those without 60 (n = 6)" in said
    assert said.endswith("no effect is claimed.")
    apart = system.wins("40 %", "20 %", overlap=False)
    assert apart.endswith("no effect is claimed.")
    assert system.wins("40 %", "20 %", overlap=True).endswith("no difference is shown.")
    shown = plain(system.rate_with_n(0.4, 0.22, 0.61, 20))
    assert shown == "40 % (between 22 and 61 %, n = 20)"


def test_questions_without_data_stay_open() -> None:
    assert system.searched(None, 3, None) == "Can't be told yet: no search data."
    ended = plain(system.searched(None, 3, AS_OF))
    assert ended == "Can't be told yet: search data end on 1 March 2026."
    assert "nothing before to compare with" in system.searched(900, None, AS_OF)
    assert "900 clicks" in plain(system.searched(900, 720, AS_OF))
    assert system.depth(None) == "Can't be told yet: no watch time."
    assert "18 % of its video" in plain(system.depth(0.18))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), "Can't be told yet: no video has a theme."),
        ((("fair", ("conversion",)),), "1 theme, with a conversion video."),
        (
            (("fair", ("conversion",)), ("calm", ("awareness", "conversion"))),
            "2 themes, each with a conversion video.",
        ),
        (
            (("fair", ("conversion",)), ("calm", ("awareness",))),
            "2 themes; no conversion video for “calm”.",
        ),
    ],
)
def test_themes_name_what_no_conversion_video_carries(
    found: tuple[tuple[str, tuple[str, ...]], ...], said: str
) -> None:
    assert plain(system.themes(found)) == said


def test_origins_are_compared_only_where_they_can_be() -> None:
    assert system.origins(()).startswith(
        "Which origin's leads are won can't be told yet"
    )
    assert system.origins((origin(), origin(is_ranked=False))).startswith(
        "Too few origins"
    )
    assert system.origins((origin(), origin())).startswith(
        "2 origins have enough leads"
    )


def test_reuse_counts_uses_and_what_they_cost() -> None:
    assert "no placement is on record" in system.activations(3, 0, 100)
    assert "no production cost is on record" in system.activations(3, 6, None)
    assert plain(system.activations(6, 12, 30_000)) == (
        "6 masters in 12 placements, 2 each: 2.5 k USD of production a use."
    )


@pytest.mark.parametrize(
    ("unused", "single", "unseen", "start"),
    [
        (0, 0, 0, "No idle master"),
        (1, 0, 0, "1 master never placed: "),
        (
            1,
            4,
            2,
            "1 master never placed, 4 masters placed only once and 2 masters not",
        ),
    ],
)
def test_idle_counts_masters(unused: int, single: int, unseen: int, start: str) -> None:
    said = plain(system.idle(unused=unused, single=single, unseen=unseen))
    assert said.startswith(start)


def test_record_is_too_early_before_and_after_the_first_recommendation() -> None:
    assert system.record(0).startswith("Too early: no recommendation")
    assert plain(system.record(4)).startswith("Too early: 4 recommendations on record")


def test_unmatched_spend_is_silent_where_there_is_none() -> None:
    assert trust.unmatched(spend(unmatched_usd=0)).startswith("All media spend")
    assert (
        trust.unmatched(spend(spend_usd=None)) == "No media spend in the last 90 days."
    )


def test_unmatched_spend_is_named_with_its_share() -> None:
    said = plain(trust.unmatched(spend(spend_usd=15_300, unmatched_usd=1_800)))
    assert said.startswith(
        "1.8 k USD of 15 k USD media spend (12 %) belongs to no known"
    )


@pytest.mark.parametrize(
    ("found", "start"),
    [
        ([], "No platform claims a conversion."),
        ([claim(claimed=0)], "No platform claims a conversion."),
        (
            [claim(interaction="view", own_leads=None)],
            "No platform claims a conversion.",
        ),
        ([claim(own_leads=0)], "YouTube ads claims conversions where we count no lead"),
        (
            [claim(own_leads=None), claim(channel="meta", own_leads=0)],
            "YouTube ads and Meta ads claim conversions where we count no lead",
        ),
        ([claim(claimed=10)], "No platform claims more leads than we count"),
        (
            [claim(), claim(channel="meta", claimed=60)],
            "Meta ads claims 4 times the leads we count for it",
        ),
    ],
)
def test_claims_are_compared_and_never_added(found: list[object], start: str) -> None:
    assert trust.claims(found).startswith(start)  # type: ignore[arg-type]


def test_methods_show_where_they_differ_most() -> None:
    assert "can't be told yet" in trust.methods(None)
    said = plain(trust.methods(("YouTube ads", 0.05, 0.3)))
    assert said == (
        "The counting methods differ most on YouTube ads: 5 % to 30 % of all won revenue."
    )


def test_deals_before_their_first_contact_are_counted() -> None:
    assert trust.negative(deals(deals=0)) == "No deal is on record."
    assert plain(trust.negative(deals(negative=0))).startswith("None of 55 deals")
    assert plain(trust.negative(deals())).startswith("1 of 55 deals closed before")


def test_search_totals_come_from_days() -> None:
    assert trust.queries(None).startswith("Search totals come from the days")
    assert plain(trust.queries(0.6)).startswith(
        "Search queries tell 60 % of the clicks"
    )


def test_rows_set_aside_are_counted_by_source() -> None:
    lost = Quarantined(source="meta_ads", table_name="t", reason="r", rows=1)
    assert trust.quarantined(()) == "No row was set aside."
    assert plain(trust.quarantined((lost,))).startswith(
        "1 row of Meta Ads is set aside"
    )
    assert plain(trust.quarantined((lost, lost))).startswith("2 rows of Meta Ads are")


@pytest.mark.parametrize(
    ("told", "says", "is_off"),
    [
        (Finance(0, None, None, 0, 0), "it reaches no month yet", False),
        (Finance(2, 1000.0, 1000.0, 0, 0), "deal by deal the same", False),
        (Finance(2, 1000.0, 1004.0, 0, 1), "1 deal with another amount", False),
        (Finance(2, 1000.0, 940.0, 0, 2), "2 deals with another amount", True),
        (Finance(1, 1000.0, 900.0, 1, 0), "1 deal missing there", True),
        (Finance(1, 0.0, None, 0, 0), "deal by deal the same", False),
    ],
)
def test_finance_is_reconciled_or_said_to_differ(
    told: Finance, says: str, is_off: bool
) -> None:
    assert says in plain(trust.finance(told))
    assert trust.is_off(told) is is_off


def test_reports_without_days_are_added_to_nothing() -> None:
    assert "1 report with whole periods instead of days is" in plain(trust.reported(1))
    assert "2 reports with whole periods instead of days are" in plain(
        trust.reported(2)
    )


def test_coverage_of_views_names_their_definition() -> None:
    told = words.subject("mapped_views: three_seconds")
    assert told == "views that belong to a video of the catalogue (three seconds)"
    assert words.subject("mapped_spend") == (
        "media spend that belongs to a video of the catalogue"
    )
    assert words.subject("new_share") == "New share"
