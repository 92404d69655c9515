"""The whole job on export files that nobody here wrote; each known answer is published.

The figures are those of the READMEs beside the files, counted there from the files alone.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.runner import RunOutcome, run
from warehouse import db
from warehouse.publish.reader import open_snapshot
from warehouse.settings import Settings

MAPPING = Path(__file__).with_name("exports.yml")
STUDIO = "youtube_codingtrain_2021"
DEVICE, DMA, AGE = (
    f"meta_ads_fbadstats/{name}.csv"
    for name in ("Example_AdsView_Region", "example_DMA", "example_PerfClk_AgeGender")
)


@pytest.fixture(scope="module")
def settings(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data_dir=tmp_path_factory.mktemp("real"),
        mode="exports",
        exports_dir=(shared / "real").resolve(),
        mapping_path=MAPPING,
    )


@pytest.fixture(scope="module")
def outcome(settings: Settings) -> RunOutcome:
    return run(settings)


@pytest.fixture(scope="module")
def published(
    settings: Settings, outcome: RunOutcome
) -> Iterator[duckdb.DuckDBPyConnection]:
    assert outcome.error is None, outcome.error
    with open_snapshot(settings.published_dir) as con:
        yield con


def one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The only value of a query."""
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def total(
    con: duckdb.DuckDBPyConnection, file: str, metric: str, where: str = "true"
) -> Decimal:
    """Sum of a metric over the rows of one file, cents kept."""
    amount = one(
        con,
        "select sum(cast(amount as decimal(18, 4))) from published.reported_totals "
        f"where file = '{file}' and metric = '{metric}' and {where}",
    )
    return Decimal(amount)


def test_run_is_fresh_and_lists_what_is_no_export(
    settings: Settings, outcome: RunOutcome
) -> None:
    assert outcome.exit_code == 0, outcome.error
    assert outcome.as_of == date(2026, 8, 22)
    status = {each["source"]: each["status"] for each in outcome.sources}
    loaded = ("hubspot", "meta_ads", "search_console", "youtube")
    assert {status[source] for source in loaded} == {"fresh"}
    with db.reader(settings.warehouse_path) as con:
        left = con.sql("select file, nearest from meta.unrecognised_files").fetchall()
        reached = con.sql(
            "select account_id, loaded_to from meta.watermarks"
        ).fetchall()
    assert {file.split("/")[0] for file, _ in left} == {
        "ab_asos",
        "ab_upworthy",
        "attribution_paths_mta",
    }
    assert all(nearest for _, nearest in left)
    # each account against its own last day: nothing is stale by being old
    assert dict(reached)["meta_ads_fbadstats"] == date(2017, 9, 18)
    assert dict(reached)[STUDIO] == date(2021, 12, 30)


def test_studio_totals_and_countries_stay_apart(
    published: duckdb.DuckDBPyConnection,
) -> None:
    chart, table = f"{STUDIO}/Chart data.csv", f"{STUDIO}/Table data.csv"
    assert total(published, f"{STUDIO}/Totals.csv", "views") == 15_503_810
    assert total(published, table, "views", "breakdown = 'total'") == 15_503_810
    hours = total(published, table, "watch_hours", "breakdown = 'total'")
    assert hours.quantize(Decimal("0.01")) == Decimal("1183689.37")
    by_country = "breakdown = 'country'"
    assert total(published, chart, "views") == 14_344_009
    assert total(published, table, "views", by_country) == 14_344_009
    # 15,503,810 - 14,344,009 have no country: nobody scales the countries up to them
    assert 15_503_810 - 14_344_009 == 1_159_801
    for country, views in (("US", 2_638_475), ("IN", 2_110_882)):
        where = f"breakdown_value = '{country}'"
        assert total(published, chart, "views", where) == views
    namibia = "breakdown_value = 'NA'"  # no missing value: a country
    days = f"select count(*) from published.reported_totals where file = '{chart}'"
    assert one(published, f"{days} and {namibia}") == 365
    assert total(published, table, "views", namibia) >= 0


def test_studio_best_day_and_audience(published: duckdb.DuckDBPyConnection) -> None:
    best = one(
        published,
        "select period_start_date, amount from published.reported_totals "
        f"where file = '{STUDIO}/Totals.csv' order by amount desc limit 1",
    )
    assert best == (date(2021, 8, 25), 77_106.0)
    audience = f"{STUDIO}/subscribers_geo.csv"
    assert total(published, audience, "subscribers") == 495_510
    assert total(published, audience, "views") == 28_214_462


def test_channel_views_are_never_video_views(
    published: duckdb.DuckDBPyConnection,
) -> None:
    # no file has a video's day: 15 million views of the channel make no row here
    query = "select count(*) from published.video_performance_daily"
    assert one(published, query) == 0


def test_counters_are_differenced_and_falls_and_gaps_are_marked(
    published: duckdb.DuckDBPyConnection,
) -> None:
    panel = "from published.video_counters_daily where account_id = 'youtube_trending_panel'"
    videos, gained, falls, gaps = one(
        published,
        "select count(distinct platform_video_id), sum(views_gained), "
        f"count(*) filter (where is_fall), count(*) filter (where is_gap) {panel}",
    )
    assert (videos, gained, falls, gaps) == (430, 1_592_387_359, 1, 63)
    assert one(published, f"select count(*) {panel} and views_gained < 0") == 1
    best = one(
        published,
        f"select platform_video_id, sum(views_gained) {panel} "
        "group by all order by 2 desc limit 1",
    )
    assert best == ("vrY1THC_NQE", 79_422_762)
    standing = one(
        published,
        f"select count(*), sum(lifetime_views) {panel} "
        "and snapshot_date = date '2026-08-22'",
    )
    assert standing == (54, 407_879_028)
    daily = one(
        published,
        "select count(*), count(distinct platform_video_id), count(distinct snapshot_date)"
        " from published.video_counters_daily "
        "where account_id = 'youtube_trending_daily_us'",
    )
    assert daily == (1_385, 1_067, 28)


@pytest.mark.parametrize(
    ("file", "metric", "amount"),
    [
        (DEVICE, "spend", "1940.45"),
        (DEVICE, "link_clicks", "1597"),
        (DEVICE, "plays_3s", "10263"),
        (DEVICE, "p50_plays", "1827"),
        (DEVICE, "p75_plays", "1171"),
        (DEVICE, "registrations", "156"),
        (DMA, "spend", "420.75"),
        (DMA, "plays_3s", "11104"),
        (AGE, "spend", "384.38"),
        (AGE, "impressions", "38598"),
        (AGE, "clicks", "816"),
    ],
)
def test_ads_report_reproduces_its_known_total(
    published: duckdb.DuckDBPyConnection, file: str, metric: str, amount: str
) -> None:
    assert total(published, file, metric) == Decimal(amount)


def test_ads_reports_are_three_and_what_does_not_add_up_is_not_there(
    published: duckdb.DuckDBPyConnection,
) -> None:
    ads = "from published.reported_totals where source = 'meta_ads'"
    assert one(published, f"select count(distinct report) {ads}") == 3
    assert one(published, f"select count(distinct (report, file)) {ads}") == 3
    names = (
        "select count(distinct json_extract_string(breakdown_value, '$[0]')) "
        f"{ads} and file = "
    )
    assert one(published, f"{names} '{DEVICE}'") == 155
    assert one(published, f"{names} '{DMA}'") == 36
    assert one(published, f"{names} '{AGE}'") == 13
    found = published.sql(f"select distinct metric, unit {ads}").fetchall()
    metrics = {metric for metric, _ in found}
    assert not metrics & {"results", "budget", "reach", "frequency"}
    assert ("spend", "USD") in found
    # 7,540 results of six meanings: each is a metric of its own
    kinds = {metric for metric in metrics if metric.startswith("results:")}
    assert {"results:video_view", "results:link_click", "results:rsvp"} <= kinds
    assert total(published, DEVICE, "results:video_view") < 7_540
    daily = "select count(*) from published.video_performance_daily"
    assert one(published, f"{daily} where platform = 'meta_ads'") == 0


def test_search_totals_are_of_the_days_and_the_rest_is_coverage(
    published: duckdb.DuckDBPyConnection,
) -> None:
    days = one(
        published,
        "select sum(clicks), sum(impressions), count(*), min(search_date), "
        "max(search_date) from published.search_daily where account_id = 'gsc_hcidirect'",
    )
    assert days == (110, 496, 34, date(2025, 3, 17), date(2025, 4, 19))
    rows = published.sql(
        "select report, search_appearance, clicks, impressions, is_total "
        "from published.search_coverage"
    ).fetchall()
    assert sorted(rows) == [
        ("appearances", "Merchant listings", 1, 9, False),  # they overlap: never added
        ("appearances", "Product snippets", 5, 264, False),
        ("dates", "all", 110, 496, True),
        ("pages", "all", 113, 908, False),
        ("queries", "all", 68, 313, False),
    ]


def test_leads_and_deals_by_origin(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.sql("select * from published.funnel_by_origin")
    funnel = {
        row["origin"]: row
        for row in (dict(zip(rows.columns, r, strict=True)) for r in rows.fetchall())
    }
    assert sum(row["leads"] for row in funnel.values()) == 8_000
    assert sum(row["won"] for row in funnel.values()) == 842
    for origin, leads, won, median in (
        ("organic search", 2_296, 271, 14),
        ("paid search", 1_586, 195, 15),
        ("unknown", 1_099, 179, 11),
        ("social", 1_350, 75, 30),
        ("referral", 284, 24, 18.5),
    ):
        row = funnel[origin]
        assert (row["leads"], row["won"]) == (leads, won)
        assert row["median_days_to_close_won"] == median
    # the best rate of wins is of those whose origin nobody knows: shown, never ranked
    assert max(funnel.values(), key=lambda row: row["win_rate"])["origin"] == "(none)"
    assert funnel["(none)"]["leads"] == 60
    assert not funnel["unknown"]["is_ranked"]
    assert not funnel["(none)"]["is_ranked"]
    assert funnel["organic search"]["is_ranked"]
    assert {row["censored_date"] for row in funnel.values()} == {date(2018, 11, 14)}
    assert funnel["organic search"]["open_leads"] == 2_296 - 271


def test_deal_won_before_its_first_contact_is_flagged(
    published: duckdb.DuckDBPyConnection,
) -> None:
    flagged = published.sql(
        "select first_contact_date, closed_date from published.deals "
        "where is_negative_velocity"
    ).fetchall()
    ((contact, closed),) = flagged
    assert closed < contact


def test_second_import_changes_nothing(
    settings: Settings, outcome: RunOutcome, published: duckdb.DuckDBPyConnection
) -> None:
    again = run(settings)
    assert again.exit_code == 0, again.error
    assert not again.is_new
    assert again.generation == outcome.generation
