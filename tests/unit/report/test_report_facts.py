"""What the queries make of a snapshot, and what the parts make of that.

Expected figures are derived from tests/unit/report/snapshots.py.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.report import snapshots
from tests.unit.report.samples import plain
from warehouse.report import cards, queries, retention
from warehouse.report.model import Page
from warehouse.report.parts import alternatives, reported, system, videos
from warehouse.report.parts.system import wilson
from warehouse.report.render import sentences

SQL = Path(queries.__file__).parent / "sql"


@pytest.fixture(scope="module")
def page(snapshot_of: Callable[[str], Path]) -> Page:
    return queries.read(snapshot_of("ordinary"))


def test_only_published_is_read() -> None:
    read = re.compile(r"\b(?:from|join)\s+([a-z_.]+)", re.IGNORECASE)
    names = re.compile(r"(?m)^([a-z_]+) as \($")
    for path in sorted(SQL.glob("*.sql")):
        sql = re.sub(r"--.*|distinct from", "", path.read_text())
        own = set(names.findall(sql))
        others = {table for table in read.findall(sql) if table not in own}
        assert all(one.startswith("published.") for one in others), (path.name, others)


def test_spend_of_the_period_is_all_channels_and_the_unmatched(page: Page) -> None:
    # 90 days of 100 + 50 + 20 USD; before 90 days of 80 + 50
    assert page.spend.spend_usd == 15_300
    assert page.spend.unmatched_usd == 1_800
    assert page.spend_before.spend_usd == 11_700
    # 11,700 s of 64,750 s a day; the unmatched have no length, so neither side counts
    assert page.spend.depth == pytest.approx(11_700 / 64_750)


def test_three_sentences_say_cost_certainty_and_next_step(page: Page) -> None:
    assert [plain(one) for one in sentences(page)] == [
        "Media for video cost 15 k USD in the last 90 days (12 k USD in the 90 days "
        "before). Of the 200 k USD won on record, between 60 k and 80 k USD goes along with "
        "video; 1 of 6 videos carries half of it.",
        "How sure: evidence D, 3 ways of counting differ by that much. Of 50 leads, about 21 "
        "would not have come without all this (between 12 and 31).",
        "Next: give more to “Every shift has a story (16:9, en)” on YouTube ads (is expected "
        "to bring between 400 and 1.5 k USD, evidence C).",
    ]


def test_moves_of_all_videos_add_up_to_the_change(page: Page) -> None:
    hook = cards.indicators(page, "awareness")[0]
    assert hook.kpi.kpi == "hook_rate"
    # v1: (36000 - 0.2 x 162000) / 261000 - (32400 - 0.2 x 162000) / 252000 = 3600 / 261000;
    # v2 stays at 20 %: nothing. The rest of the change is the unmatched, not in the rows.
    assert cards.moves(page, hook) == [
        ("Every shift has a story", pytest.approx(3600 / 261_000))
    ]


def test_moves_of_an_amount_are_its_differences(page: Page) -> None:
    revenue = cards.indicators(page, "conversion")[0]
    # v1 40 k, nothing before; v2 40 k after 50 k
    assert cards.moves(page, revenue) == [
        ("Every shift has a story", 40_000),
        ("A full tour in four minutes", -10_000),
    ]


def test_moves_need_a_period_before(page: Page) -> None:
    assert cards.moves(page, cards.indicators(page, "acquisition")[0]) == []


def test_own_targets_are_those_of_the_videos_made_for_it(page: Page) -> None:
    # v1 reaches 20 % with 22.0 to 22.4 %; v2 (conversion) misses 50 k with 40 k
    assert cards.own_targets(page, "awareness") == (1, 0, 0)
    assert cards.own_targets(page, "conversion") == (0, 1, 0)
    assert cards.own_targets(page, "retention") == (0, 0, 0)


def test_cards_stay_five_and_the_unmeasured_one_says_so(page: Page) -> None:
    found = cards.cards(page)
    assert [one.objective for one in found] == [
        "awareness",
        "acquisition",
        "conversion",
        "retention",
        "credibility",
    ]
    assert found[3].lead is None
    assert "can't be told yet" in found[3].movers
    assert [bool(one.lead and one.lead.is_missed) for one in found] == [
        True,  # 20.9 to 21.2 % against 25 %
        False,  # 2.8 to 12 % against 5 %: too close to call
        False,
        False,
        False,
    ]


def test_videos_are_ordered_by_what_is_at_stake(page: Page) -> None:
    # cost + highest won: v1 28.7 + 60, v2 17 + 50, then cost alone 5, 3, 2, none
    keys = [video.video_key for video in page.videos]
    assert keys == ["v1", "v2", "v3", "v5", "v4", "v6"]


def test_a_video_shows_the_range_over_methods(page: Page) -> None:
    film = page.videos[0]
    assert (film.won_usd_min, film.won_usd_max) == (10_000, 60_000)
    assert (film.leads_min, film.leads_max) == (5, 20)
    # 60 + 10 + 40 of v1 and 20 + 50 + 40 of v2: one carries half of 220
    assert page.carriers == 1


def test_a_method_that_gives_nothing_is_the_lowest_end(
    tmp_path: Path, snapshot_of: Callable[[str], Path]
) -> None:
    rows = snapshots.ordinary()
    rows["attribution_videos"] = [
        row
        for row in rows["attribution_videos"]
        if not (row["method"] == "last" and row["video_key"] == "v1")
    ]
    found = queries.read(snapshots.write(tmp_path / "s.duckdb", rows)).videos[0]
    assert (found.won_usd_min, found.won_usd_max) == (0, 60_000)


def test_channels_keep_spend_without_any_outcome(page: Page) -> None:
    by_name = {one.channel: one for one in page.channels}
    linkedin = by_name["linkedin_ads"]
    assert (linkedin.spend_usd, linkedin.leads_max, linkedin.won_usd_max) == (
        1800,
        0,
        0,
    )
    # 60 k of 180 x 80 or 100 USD = 16,200
    youtube = by_name["youtube_ads"]
    assert youtube.per_thousand(youtube.won_usd_max) == pytest.approx(60e6 / 16_200)
    assert by_name["direct"].per_thousand(1.0) is None


def test_ranking_is_by_the_lower_end_with_nothing_as_a_row(page: Page) -> None:
    block = alternatives.blocks(page)[0]
    assert block.figure is not None
    first = [row[0] for row in block.figure.table.rows]
    assert [plain(str(one)) for one in first] == [
        "Give more to “Every shift has a story (16:9, en)” on YouTube ads",  # from 400
        "Do nothing",
        "Test “Every shift has a story (9:16, en)” on Meta ads",  # from -120
    ]
    assert [title for title, _ in block.folded] == [
        "What was looked at and left as it is"
    ]


def test_a_platform_video_placed_twice_has_one_curve(page: Page) -> None:
    assert [(one.video_key, len(one.elapsed)) for one in page.retention] == [
        ("v1", 100)
    ]


def test_the_break_of_a_curve_is_found_not_its_steep_start(page: Page) -> None:
    found = retention.steepest(page.retention[0].elapsed, page.retention[0].watching)
    assert found is not None
    # between 55 % (73.6 %) and 56 % (61.12 %): 12.48 of 73.6 points leave
    assert found == (pytest.approx(0.55), pytest.approx(0.1248 / 0.736))
    steady = [0.97**step for step in range(100)]
    assert retention.steepest([s / 100 for s in range(100)], steady) is None
    assert retention.steepest([0.0, 0.5, 1.0], [1.0, 0.2, 0.1]) is None


def test_wilson_agrees_with_a_worked_example() -> None:
    # 8 of 20, z = 1.96: centre (0.4 + 0.09604) / 1.19208 = 0.41612; half width
    # 1.96 x sqrt(0.4 x 0.6 / 20 + 0.0024010) / 1.19208 = 0.19731
    assert wilson(8, 20) == (
        pytest.approx(0.2188, abs=1e-4),
        pytest.approx(0.6134, abs=1e-4),
    )


def test_deals_that_close_before_contact_stay_out_of_days(page: Page) -> None:
    assert page.deals.negative == 1
    # 5 won in 60 days, 1 in -3: the odd one is left out
    assert page.deals.unexposed_days == 60
    assert (page.deals.unexposed_won, page.deals.unexposed_closed) == (6, 30)
    fact = system.system(page)[0].facts[0].text
    assert "40 % (between 22 and 61 %, n = 20)" in plain(fact)


def test_rows_of_videos_say_state_target_and_next_action(page: Page) -> None:
    shown = videos.videos(page)
    cells = {column.label: plain(cell.text) for column, cell in shown.rows[0].cells}
    assert cells == {
        "Video": "Every shift has a story",
        "Objective": "Awareness",
        "Cost, USD": "28,700",
        "Uses": "2",
        "Own target": "22.22 % hook rate, reached",
        "Won from, USD": "10,000",
        "Won to, USD": "60,000",
        "State": "live",
        "Next": "Scale (evidence C)",
    }


def test_an_empty_snapshot_has_a_period_from_its_own_day(
    snapshot_of: Callable[[str], Path],
) -> None:
    found = queries.read(snapshot_of("empty"))
    assert (found.period.days, found.period.end) == (90, found.identity.as_of)
    assert found.spend.spend_usd is None
    assert found.videos == ()


def test_reports_without_days_show_their_last_period_side_by_side(page: Page) -> None:
    folded = reported.blocks(page)[0].folded
    titles = [plain(title) for title, _ in folded]
    assert titles == [
        "Meta Ads: By gender, 2 Dec 2025 to 1 Mar 2026 (the last of 2 periods)",
        "YouTube: Studio by country, device, 1 Mar 2026",
    ]
    first, second = (table for _, table in folded)
    assert [column.label for column in first.columns] == [
        "Gender",
        "Spend, EUR",
        "Impressions",
    ]
    # the period before is not added; male has no spend in the file
    assert [list(row) for row in first.rows] == [
        ["female", "900.50", "60,000"],
        ["male", "–", "30,000"],
    ]
    assert [plain(str(cell)) for cell in second.rows[0]] == ["DE, tv", "25.00 %"]


def test_a_long_catalogue_is_folded_and_then_counted(tmp_path: Path) -> None:
    rows = snapshots.ordinary()
    rows["videos"] += [
        {
            "video_key": f"x{n}",
            "title": f"Clip {n}",
            "objective": "unset",
            "placements": 1,
        }
        for n in range(64)
    ]
    rows["recommendations"] += [
        {**rows["recommendations"][0], "recommendation_id": f"more{n}"}
        for n in range(11)
    ]
    rows["reported_totals"] += [
        {**rows["reported_totals"][0], "breakdown_value": f"group {n}", "amount": n}
        for n in range(10)
    ]
    found = queries.read(snapshots.write(tmp_path / "many.duckdb", rows))
    shown = videos.videos(found)
    # 6 + 64 videos: 12 open, 48 folded, 10 counted
    assert (len(shown.rows), len(shown.folded)) == (12, 48)
    assert plain(shown.folded_title) == "48 videos with less at stake"
    assert plain(shown.more or "").startswith("10 more videos")
    said = [plain(fact.text) for fact in alternatives.blocks(found)[0].facts]
    assert "3 more proposals in published.recommendations." in said  # 13 less 10
    # female and male, ten more groups: 8 of 12 by spend, then by name
    assert "8 of 12 rows" in plain(reported.blocks(found)[0].folded[0][0])
