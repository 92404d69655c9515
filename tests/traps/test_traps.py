"""What known systems get wrong, on one small company that holds it all (company.py).

It is taken through all verbs once. Which trap is tested where: test_trap_list.py.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from ingestion.errors import AnswerUnreadable
from ingestion.ingest import ingest
from ingestion.registry import sources
from ingestion.source import Batch
from ingestion.spec import DATE, INT, TEXT, SourceSpec, Table
from tests.support.handmade import refresh, write_raw
from tests.traps.company import RAW
from warehouse import db
from warehouse.settings import Settings

AS_OF = date(2026, 9, 30)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("traps"), mode="accounts")
    write_raw(settings, AS_OF, RAW)
    refresh(settings, AS_OF)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        yield con


def rows(con: Any, sql: str) -> list[tuple[Any, ...]]:
    return con.sql(sql).fetchall()  # type: ignore[no-any-return]


def performance(con: Any, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    """Rows of the published fact, with the placement's id in reach."""
    return rows(
        con,
        f"select {columns} from published.video_performance_daily as fact "
        "join published.placements as place using (placement_key) "
        f"where {where} order by all",
    )


def test_a_measure_a_platform_lacks_is_null_and_no_other_measure(
    warehouse: Any,
) -> None:
    told = performance(
        warehouse,
        "distinct fact.impressions, link_clicks, p25_plays, fact.spend_usd",
        "fact.platform = 'youtube'",
    )
    assert told == [(None, None, None, None)]


def test_money_is_converted_at_the_dated_rate_or_flagged(warehouse: Any) -> None:
    told = performance(
        warehouse,
        "platform_object_id, spend_native, currency_code, fact.spend_usd, is_unconverted",
        "fact.platform = 'meta_ads'",
    )
    # 10 x 1.10 on 10 June, 10 x 1.20 on 20 June, 5 x 1.10; for CHF nobody knows a rate
    assert [(ad, float(n), c, u and float(u), flag) for ad, n, c, u, flag in told] == [
        ("ad1", 10, "EUR", 11, False),
        ("ad1", 10, "EUR", 12, False),
        ("ad2", 50, "CHF", None, True),
        ("ad3", 5, "EUR", 5.5, False),
    ]
    (total,) = rows(
        warehouse, "select sum(numerator) from published.kpi_daily where kpi = 'cpm'"
    )
    assert total == pytest.approx((28_500,))  # 28.50 USD x 1,000: no franc in it
    deals = rows(
        warehouse,
        "select deal_id, cast(amount_usd as double), is_unconverted from published.deals "
        "where deal_id in ('d1', 'd2') order by all",
    )
    assert deals == [("d1", 1200.0, False), ("d2", None, True)]


def test_claims_of_platforms_are_kept_apart_beside_our_own_count(
    warehouse: Any,
) -> None:
    # A's lead alone could be ad1's: three claimed by click are three times as many; the two
    # by view stand beside them and are added to nothing
    told = rows(
        warehouse,
        "select channel, interaction, window_days, claimed_conversions, own_leads, "
        "inflation_factor from published.platform_claims order by interaction",
    )
    assert told == [
        ("meta", "click", 7, 3.0, 1.0, 3.0),
        ("meta", "view", 1, 2.0, None, None),
    ]


def test_spend_without_a_conversion_stays_visible(warehouse: Any) -> None:
    spend = rows(
        warehouse,
        "select title, cast(media_spend_usd as double), numerator, denominator "
        "from published.videos join (select video_key, sum(numerator) as numerator, "
        "sum(denominator) as denominator from published.kpi_daily "
        "where kpi = 'cost_per_lead' group by video_key) using (video_key) order by title",
    )
    # the film has A's lead, the foreign video nobody's; the picture's francs are unknown
    assert spend == [("Film", 23.0, 23.0, 1.0), ("Foreign", 5.5, 5.5, 0.0)]


def test_a_channel_whose_spend_nobody_tells_costs_null_and_not_nothing(
    warehouse: Any,
) -> None:
    credit = rows(
        warehouse,
        "select basis, spend_usd, attributed_leads from published.video_return_monthly "
        "where channel = 'tiktok_ads' and attributed_leads > 0 order by all",
    )
    assert credit == [("cohort", None, 1.0), ("period", None, 1.0)]  # B's lead
    priced = (
        "select distinct channel from published.kpi_daily where kpi = 'cost_per_lead'"
    )
    assert rows(warehouse, priced) == [("meta",)]


def test_a_late_conversion_is_in_the_period_and_in_its_cohort(warehouse: Any) -> None:
    told = rows(
        warehouse,
        "select basis, strftime(month_start_date, '%m'), cast(sum(spend_usd) as double), "
        "sum(attributed_revenue_usd), bool_or(is_open) "
        "from published.video_return_monthly "
        "where channel = 'meta' group by all order by all",
    )
    # 28.50 USD were spent in June and d1, 1,000 EUR, was won on 1 July by June's click
    assert told == [
        ("cohort", "06", 28.5, 1200.0, False),  # 30 June + 90 days = 28 September
        ("period", "06", 28.5, 0.0, False),
        ("period", "07", 0.0, 1200.0, False),
    ]


def test_reach_is_nowhere_summed(warehouse: Any) -> None:
    columns = rows(
        warehouse,
        "select table_name, column_name from duckdb_columns() "
        "where schema_name in ('marts', 'published') "
        "and regexp_matches(column_name, '(^|_)(reach|unique)(_|$)')",
    )
    assert columns == []


def test_percentage_viewed_is_time_over_time_and_no_mean_of_ratios(
    warehouse: Any,
) -> None:
    (told,) = rows(
        warehouse,
        "select sum(numerator), sum(denominator) from published.kpi_daily "
        "where kpi = 'average_percentage_viewed' and kpi_date = date '2026-08-26' ",
    )
    # 50 min of 100 views x 100 s, 45 min of 10 x 300 s: 5,700 / 13,000 = 0.438; the mean
    # of 0.3 and 0.9 would be 0.6
    assert told == (5700, 13_000)


def test_a_renamed_campaign_keeps_the_name_of_the_day(warehouse: Any) -> None:
    told = performance(
        warehouse,
        "strftime(performance_date, '%d'), campaign_id, campaign_name, current_campaign_name",
        "campaign_id is not null",
    )
    assert told == [
        ("10", "c1", "Old name", "New name"),
        ("20", "c1", "New name", "New name"),
    ]


def test_all_four_quartiles_are_kept_and_never_rise(warehouse: Any) -> None:
    told = performance(
        warehouse, "starts, p25_plays, p50_plays, p75_plays, p100_plays", "starts = 400"
    )
    assert told == [(400, 160, 120, 80, 60)]


def test_rows_of_one_breakdown_do_not_overwrite_one_another(warehouse: Any) -> None:
    regions = rows(
        warehouse,
        "select region, impressions, cast(spend_usd as double) "
        "from intermediate.int_paid__region_performance_daily order by all",
    )
    assert regions == [("Bavaria", 600, 6.6), ("Saxony", 400, 4.4)]
    queries = "select query, clicks from staging.stg_search_console__queries_daily"
    assert rows(warehouse, f"{queries} order by all") == [
        ("roster", 23),
        ("shift plan", 30),
    ]
    for name, source in sources().items():
        for table in source.SPEC.tables:
            assert table.grain[0] == "account_id", (name, table.name)
            broken_down = {
                "region",
                "query",
                "page",
                "search_appearance",
                "type",
                "day",
            }
            keys = broken_down & set(table.columns)
            if (
                not name.startswith(("catalogue", "site_events"))
                and table.window_column
            ):
                assert keys <= set(table.grain), (name, table.name)


def test_every_source_rereads_as_far_back_as_its_platform_restates() -> None:
    # days after which a platform still changes a day, by its sheet; site events and CRM are
    # read by arrival and as a whole
    restates = {
        "youtube": 6,
        "meta_ads": 28,
        "google_ads": 30,
        "linkedin_ads": 30,
        "tiktok_ads": 28,
        "search_console": 3,
        "ga4": 14,
    }
    for name, days in restates.items():
        assert sources()[name].SPEC.lookback_days >= days, name


def test_what_was_never_asked_for_is_null(warehouse: Any) -> None:
    told = rows(
        warehouse,
        "select claimed_conversions, p25_plays from marts.fct_video_performance_daily "
        "join published.placements using (placement_key, platform) "
        "left join (from intermediate.int_paid__claims_daily where interaction = 'click') "
        "using (platform, platform_object_id, performance_date) "
        "where platform = 'meta_ads' order by performance_date, spend_native",
    )
    # 10 June: ad3, ad1, ad2; 20 June: ad1, whose actions nobody asked for
    assert told == [(0.0, None), (3.0, 160), (0.0, None), (None, None)]


def test_an_error_is_no_empty_list(tmp_path: Path) -> None:
    table = Table(
        "daily", {"account_id": TEXT, "day": DATE, "n": INT},
        grain=("account_id", "day"), replaced_by=("account_id", "day"), window_column="day",
    )  # fmt: skip
    spec = SourceSpec("demo", "paid", "Demo", (table,), "UTC", 0, 7)
    answers: list[Any] = [[{"account_id": "a", "day": "2026-09-30", "n": 5}], None]

    def daily() -> Iterator[Batch]:
        answer = answers.pop(0)
        if answer is None:
            raise AnswerUnreadable("Demo answered 200 with an error inside")
        yield Batch("a", answer, "page")

    demo: Any = SimpleNamespace(
        SPEC=spec, accounts=lambda api: ["a"], read=lambda api, ask: {"daily": daily()}
    )
    settings = Settings(data_dir=tmp_path, mode="sandbox")
    assert ingest(demo, settings, as_of=AS_OF).status == "fresh"
    assert ingest(demo, settings, as_of=AS_OF).status == "stale"
    with db.reader(settings.warehouse_path) as con:
        assert con.sql("select n from raw_demo.daily").fetchall() == [(5,)]


def test_search_totals_come_from_the_days_and_the_rest_is_coverage(
    warehouse: Any,
) -> None:
    told = rows(
        warehouse,
        "select report, clicks, clicks_share_of_dates, is_total "
        "from published.search_coverage where report <> 'appearances' order by report",
    )
    assert told == [
        ("dates", 100, 1.0, True),
        ("pages", 130, 1.3, False),
        ("queries", 53, 0.53, False),
    ]
    assert rows(warehouse, "select sum(clicks) from published.search_daily") == [(100,)]


def test_appearances_are_never_added(warehouse: Any) -> None:
    told = rows(
        warehouse,
        "select search_appearance, clicks, is_total from published.search_coverage "
        "where report = 'appearances' order by all",
    )
    assert told == [("TRANSLATED_RESULT", 40, False), ("VIDEO", 40, False)]


def test_an_event_that_came_late_is_in_the_journey(warehouse: Any) -> None:
    (touch,) = rows(
        warehouse,
        "select channel, strftime(touched_at, '%m-%d') "
        "from intermediate.int_journey__paths where conversion_type = 'lead' "
        "and is_converted and channel = 'meta'",
    )
    assert touch == ("meta", "06-10")


def test_a_deal_won_before_its_first_contact_is_flagged_and_open_ones_count(
    warehouse: Any,
) -> None:
    told = rows(
        warehouse,
        "select deal_id, cycle_days, is_negative_velocity from published.deals order by all",
    )
    # 12 June to 1 and 2 July; 20 June to 10 June; open since 1 September, to the 30th
    assert told == [
        ("d1", 19, False), ("d2", 20, False), ("d3", -10, True), ("d4", 29, False)
    ]  # fmt: skip
    cycle = dict(rows(warehouse, "select kpi, n from marts.mart_deal_cycle"))
    assert cycle == {"median_days_to_close_won": 2, "median_cycle_days": 3}


def test_an_unknown_origin_is_shown_and_never_ranked(warehouse: Any) -> None:
    told = rows(
        warehouse,
        "select origin, leads, won, is_ranked from published.funnel_by_origin order by all",
    )
    # the alias of contact 1 was merged into it: four persons. The unknown one always wins.
    assert told == [("(none)", 1, 1, False), ("PAID_SOCIAL", 3, 2, True)]


def test_nothing_is_lost_or_doubled_between_layers(warehouse: Any) -> None:
    for layer, native in (
        ("staging.stg_meta_ads__ad_performance_daily", 75.0),
        ("intermediate.int_paid__video_performance_daily", 75.0),
        ("marts.fct_video_performance_daily", 75.0),
        ("published.video_performance_daily", 75.0),
    ):
        assert rows(
            warehouse, f"select cast(sum(spend_native) as double) from {layer}"
        ) == [(native,)]
    assert rows(warehouse, "select count(*) from published.deals") == [(4,)]
    # ten plays: eight in a March night, one in a room (its opening is no second one), one on
    # a page that no placement names, known by what its player plays
    starts = (
        "select cast(sum(starts) as integer) from published.video_performance_daily"
    )
    assert rows(warehouse, starts) == [(410,)]  # and ad1's 400
    assert performance(warehouse, "matched_by", "page_path is null and starts = 1") == [
        ("page embed",),
        ("page embed",),
    ]
    viewed = "select deal_id from published.deals where is_video_influenced"
    assert rows(warehouse, viewed) == [("d4",)]


def test_days_keep_their_zone_and_a_short_night_loses_nothing(warehouse: Any) -> None:
    zones = performance(
        warehouse, "distinct fact.account_id, day_zone".replace("fact.", "")
    )
    assert zones == [
        ("UC1", "America/Los_Angeles"),
        ("act_1", "Europe/Berlin"),
        ("act_2", "Europe/Zurich"),
        ("brand.example", "UTC"),
    ]
    views = performance(
        warehouse,
        "strftime(performance_date, '%m-%d'), cast(sum(starts) as integer)",
        "fact.platform = 'site_events' and performance_date < date '2026-04-01' "
        "group by 1",
    )
    # 22:30 and 23:30 on the 28th, 0:30 to 5:30 on the 29th of March
    assert views == [("03-28", 2), ("03-29", 6)]
    pacific = performance(
        warehouse, "fact.views", "performance_date = date '2026-03-08'"
    )
    assert pacific == [(23,)]


def test_views_are_marked_at_a_redefinition_and_not_added_across_it(
    warehouse: Any,
) -> None:
    told = performance(
        warehouse,
        "strftime(performance_date, '%m-%d'), fact.views_definition, fact.views, engaged_views",
        "platform_object_id = 'yt1' and performance_date > date '2026-08-01'",
    )
    assert told == [
        ("08-26", "youtube_views_intent", 100, 100),
        ("08-27", "youtube_views_playback", 118, 100),
    ]
    total = rows(
        warehouse,
        "select views_definition, views from published.placements "
        "where platform_object_id = 'yt1'",
    )
    assert total == [("youtube_views_playback", 118)]
    subjects = rows(warehouse, "select subject from published.tagging_coverage")
    assert ("views",) not in subjects  # platforms count them differently
    formulas = rows(warehouse, "select kpi, formula from published.kpis")
    across = [
        k for k, formula in formulas if re.search(r"(?<!engaged_)\bviews\b", formula)
    ]
    assert across == ["cpv"]  # of one definition alone: views of three seconds


def test_what_has_no_video_is_kept_as_unmatched(warehouse: Any) -> None:
    told = rows(
        warehouse,
        "select platform_object_id, matched_by, video_key = 'unmatched' "
        "from published.placements where platform = 'meta_ads' order by all",
    )
    assert told == [
        ("ad1", "catalogue", False),
        ("ad2", "unmatched", True),
        ("ad3", "own master", False),
    ]
    titles = "select title from published.videos where video_key = 'unmatched'"
    assert rows(warehouse, titles) == [("Not matched to any video",)]


def test_a_corrected_amount_differs_from_finance_and_does_not_vanish(
    warehouse: Any,
) -> None:
    (july, june) = rows(
        warehouse,
        "select strftime(month_date, '%m'), cast(booked_usd as double), "
        "cast(finance_usd as double), cast(difference_usd as double), deals_booked, "
        "deals_in_finance, deals_missing_in_finance, deals_differing, lines_without_deal, "
        "unconverted_amounts, is_complete from published.finance_reconciliation "
        "order by month_date desc",
    )
    # July: 1,000 EUR against 900 EUR at 1.20; 700 CHF have no rate and are in no sum; 50 EUR
    # of a deal nobody knows, 60 USD: 1,200 - 1,140. June: 300 USD that finance never saw.
    assert july == ("07", 1200.0, 1140.0, 60.0, 2, 1, 1, 1, 1, 1, True)
    assert june == ("06", 300.0, None, 300.0, 1, 0, 1, 0, 0, 0, True)
