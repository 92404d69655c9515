"""The causal rows of a night: every conversion adds up to one, deals inherit from leads."""

from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from tests.unit.attribution.conftest import TABLES
from warehouse.attribution import run
from warehouse.attribution.nightly.credits import NOT_CAUSED, told
from warehouse.attribution.nightly.regions import Merged, Unit
from warehouse.incrementality.store import Calibration, store_holdouts

AS_OF = date(2026, 10, 31)
FIRST = date(2025, 11, 1)
REGIONS = [f"region {letter}" for letter in "abcdefgh"]
DAYS = (AS_OF - FIRST).days + 1


def unit(share: list[float], total: float, **changes: object) -> Unit:
    plain = {
        "channel": "youtube_ads",
        "video": None,
        "declared": False,
        "p05": 0.0,
        "p95": 2 * total,
        "estimate": total,
        "se": total / 2,
        "videos": {"v1": 0.75, "v2": 0.25},
    }
    return Unit(share=np.array(share), total=total, **{**plain, **changes})  # type: ignore[arg-type]


def test_a_unit_is_shared_by_the_leads_of_its_regions_and_its_videos() -> None:
    # 1.2 leads by shares 1 : 2 : 0 are 0.4 and 0.8; of each three quarters are video 1
    found = told(3, np.array([True, True, False]), None, [unit([1, 2, 0], 1.2)], [])
    owed = {(c.lead, c.video_key): c.credit for c in found.credits}
    assert owed[0, "v1"] == pytest.approx(0.3)
    assert owed[0, "v2"] == pytest.approx(0.1)
    assert owed[1, "v1"] == pytest.approx(0.6)
    rest = {(c.lead, c.channel): c.credit for c in found.credits if not c.video_key}
    assert rest[0, NOT_CAUSED] == pytest.approx(0.6)
    assert rest[1, NOT_CAUSED] == pytest.approx(0.2)
    assert rest[2, "unattributed"] == pytest.approx(1.0)  # no touch, nothing owed


def test_no_lead_is_owed_more_than_once() -> None:
    both = [unit([1, 0], 0.9), unit([1, 0], 0.9, channel="meta", videos={"v3": 1.0})]
    found = told(2, np.array([True, True]), None, both, [])
    by_lead = np.bincount(
        [c.lead for c in found.credits], [c.credit for c in found.credits]
    )
    np.testing.assert_allclose(by_lead, 1.0)
    assert all(c.credit > 0 for c in found.credits)


@pytest.mark.parametrize(
    ("declared", "p05", "grade"),
    [(True, 3.0, "B"), (True, 0.0, "D"), (False, 3.0, "D")],
)
def test_only_declared_flights_that_show_something_may_claim(
    declared: bool, p05: float, grade: str
) -> None:
    one = unit([1, 1], 1.0, declared=declared, p05=p05, p95=9.0, video="v1")
    found = told(2, np.array([True, True]), None, [one], [])
    assert {each.evidence_grade for each in found.evidence} == {grade}


def test_the_whole_is_worth_what_its_surest_part_is() -> None:
    found = told(
        20,
        np.ones(20, dtype=bool),
        None,
        [
            unit(
                [1] * 20, 5.0, declared=True, p05=4.0, estimate=5.0, se=0.5, video="v1"
            ),
            unit([1] * 20, 1.0, estimate=-9.0, se=8.0),
        ],
        [],
    )
    whole = next(each for each in found.evidence if each.video_key is None)
    assert whole.leads_p05 == 4.0
    assert whole.leads == pytest.approx(6.0)


@pytest.fixture
def company() -> duckdb.DuckDBPyConnection:
    """2,000 leads in eight regions with a film on and off; deals of some of them."""
    random = np.random.default_rng(11)
    con = duckdb.connect()
    con.execute(TABLES)
    weeks = DAYS // 7 + 1
    on = np.repeat(random.random((8, weeks)) < 0.5, 7, axis=1)[:, :DAYS]
    rows = [
        ("youtube_ads", "film", REGIONS[r], FIRST + timedelta(days=d), 1000.0)
        for r in range(8)
        for d in range(DAYS)
        if on[r, d]
    ]
    _insert(con, "int_paid__region_delivery_daily", rows)
    con.execute("insert into marts.dim_videos values ('bm-1', 'film')")
    con.execute(
        "insert into staging.stg_catalogue__experiments (experiment_id, kind, channel, "
        "video_id) values ('by-region', 'geo', 'youtube_ads', 'bm-1')"
    )
    stock = np.zeros((8, DAYS))
    for day in range(1, DAYS):
        stock[:, day] = 0.93 * stock[:, day - 1] + 0.07 * on[:, day]
    counts = random.poisson(0.5 + 0.6 * stock)
    where, day = np.nonzero(counts)
    where, day = (np.repeat(each, counts[where, day]) for each in (where, day))
    conversions, leads, members = [], [], []
    for number, (r, d) in enumerate(zip(where.tolist(), day.tolist(), strict=True)):
        at = datetime.combine(FIRST + timedelta(days=d), datetime.min.time())
        person = f"p{number:05d}"
        conversions.append((f"lead {person}", "lead", person, None, at, 0, 30))
        region = None if number % 10 == 0 else REGIONS[r]  # not everybody says where
        leads.append((person, at, region))
        if number % 20 == 0:
            account, later = f"account {person}", at + timedelta(days=1)
            members.append((account, person))
            if r in where[number + 1 : number + 2]:  # a colleague, a lead no sooner
                members.append((account, f"p{number + 1:05d}"))
            conversions.append((f"won {person}", "won", None, account, later, 100, 90))
    _insert(con, "int_journey__conversions", conversions)
    _insert(con, "int_journey__leads", leads)
    _insert(con, "int_journey__account_persons", members)
    con.execute(
        "insert into intermediate.int_journey__conversions values "
        "('won of old', 'won', null, 'account of old', timestamp '2026-03-01', 50, 90)"
    )
    return con


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple]) -> None:
    told = pa.table(
        {f"c{i}": list(each) for i, each in enumerate(zip(*rows, strict=True))}
    )
    con.register("told", told)
    con.execute(f"insert into intermediate.{table} select * from told")
    con.unregister("told")


def sums(con: duckdb.DuckDBPyConnection) -> list[tuple[str, float, float]]:
    return con.execute(
        "select conversion_id, sum(credit), sum(value_usd) "
        "from analysis.attribution_credits where method = 'causal' "
        "group by conversion_id order by conversion_id"
    ).fetchall()


def test_every_conversion_adds_up_to_one_and_money_to_what_was_booked(
    company: duckdb.DuckDBPyConnection,
) -> None:
    run.refresh(company, as_of=AS_OF)
    booked = company.execute(
        "select conversion_id, cast(value_usd as double) "
        "from intermediate.int_journey__conversions order by conversion_id"
    ).fetchall()
    given = sums(company)
    assert [row[0] for row in given] == [row[0] for row in booked]
    np.testing.assert_allclose([row[1] for row in given], 1.0, atol=1e-12)
    np.testing.assert_allclose([row[2] for row in given], [row[1] for row in booked])


def test_deals_inherit_from_the_lead_they_began_with(
    company: duckdb.DuckDBPyConnection,
) -> None:
    run.refresh(company, as_of=AS_OF)
    pairs = company.execute(
        "select lead.credit, won.credit from analysis.attribution_credits as won "
        "join analysis.attribution_credits as lead on "
        "replace(won.conversion_id, 'won ', 'lead ') = lead.conversion_id "
        "and won.channel = lead.channel and won.method = lead.method "
        "where won.method = 'causal' and won.conversion_type = 'won'"
    ).fetchall()
    assert len(pairs) > 80
    assert all(lead == won for lead, won in pairs)
    of_old = company.execute(
        "select channel, credit from analysis.attribution_credits "
        "where method = 'causal' and conversion_id = 'won of old'"
    ).fetchall()
    assert of_old == [("unattributed", 1.0)]  # its lead lies before the year


def test_what_the_film_added_is_found_and_lies_within_its_interval(
    company: duckdb.DuckDBPyConnection,
) -> None:
    run.refresh(company, as_of=AS_OF)
    leads, low, high, grade, evidence = company.execute(
        "select leads, leads_p05, leads_p95, evidence_grade, evidence "
        "from analysis.attribution_evidence where video_key = 'film'"
    ).fetchall()[0]
    truth = 0.6 * 0.5 * 8 * DAYS  # half of the weeks are on
    assert low < truth < high
    assert leads > 0.6 * truth
    assert (grade, evidence) == ("B", "flights")


def test_all_together_caused_at_least_what_the_surest_did(
    company: duckdb.DuckDBPyConnection,
) -> None:
    run.refresh(company, as_of=AS_OF)
    leads, untouched, rest_high, surest = company.execute(
        "select sum(conversions), sum(conversions) filter (where channel = 'unattributed'), "
        "sum(conversions_p95) filter (where channel = 'not_caused'), "
        "max(conversions_p05) filter (where evidence = 'flights') "
        "from analysis.attribution_channels "
        "where method = 'causal' and conversion_type = 'lead'"
    ).fetchall()[0]
    assert surest > 0
    assert leads - untouched - rest_high >= surest - 1e-6


def test_a_second_night_on_the_same_data_gives_the_same_bits(
    company: duckdb.DuckDBPyConnection,
) -> None:
    run.refresh(company, as_of=AS_OF)
    first = sums(company)
    run.refresh(company, as_of=AS_OF)
    assert sums(company) == first


@pytest.mark.parametrize(("known", "is_compared"), [(2, False), (6, True)])
def test_places_that_no_lead_says_to_come_from_compare_nothing(
    company: duckdb.DuckDBPyConnection, known: int, is_compared: bool
) -> None:
    """A platform that tells of cities where the leads tell of states, mostly or in part."""
    run.refresh(company, as_of=AS_OF)
    alone = evidence(company)
    places = REGIONS[:known] + [f"greater {letter}" for letter in "abcdefgh"[known:]]
    rows = [
        ("metro_ads", "film", place, FIRST + timedelta(days=14 * n), 1000.0)
        for n, place in enumerate(places)
    ]
    _insert(company, "int_paid__region_delivery_daily", rows)
    run.refresh(company, as_of=AS_OF)
    told = company.execute(
        "select distinct evidence from analysis.attribution_evidence "
        "where channel = 'metro_ads'"
    ).fetchall()
    assert told == ([("flights",)] if is_compared else [])
    assert (evidence(company) == alone) is not is_compared


LONG_AGO = date(2025, 5, 1)  # before the year that is explained


def keep_test(
    con: duckdb.DuckDBPyConnection,
    channel: str,
    share: float,
    *,
    regions: str | None = None,
    day: date = LONG_AGO,
    se: float = 0.03,
) -> None:
    """A sound test of a day: people drawn by lot, or chosen regions."""
    told = {
        "test_id": f"{channel} {day}",
        "estimator": "ridge_augmented" if regions else "holdout",
        "channel": channel,
        "date_from": day,
        "date_to": day,
        "treated_regions": regions,
        "share_of_conversions": share,
        "share_se": se,
        "is_randomised": regions is None,
        "is_sound": True,
        "is_flagship": True,
    }
    store_holdouts(con, [told])


def evidence(con: duckdb.DuckDBPyConnection) -> dict[bool, tuple]:
    """Of the film's channel as a whole (True) and of the film in it (False)."""
    rows = con.execute(
        "select video_key is null, evidence, evidence_grade, leads, leads_p05, leads_p95 "
        "from analysis.attribution_evidence where channel = 'youtube_ads'"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def judged(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    return con.execute(
        "select is_used, unused_because, is_conflict from analysis.attribution_tests "
        "order by test_id"
    ).fetchall()


TRUTH = (
    0.3 / 0.8
)  # 0.6 for half of the weeks, beside 0.5: the film's share of the leads


@pytest.mark.parametrize(
    ("regions", "day", "grade"), [(None, AS_OF, "A"), ("region a", LONG_AGO, "B")]
)
def test_a_test_and_flights_are_merged_and_every_lead_still_adds_up(
    company: duckdb.DuckDBPyConnection, regions: str | None, day: date, grade: str
) -> None:
    run.refresh(company, as_of=AS_OF)
    alone = evidence(company)[True]
    keep_test(company, "youtube_ads", TRUTH, regions=regions, day=day)
    run.refresh(company, as_of=AS_OF)
    both = evidence(company)
    assert both[True][:2] == ("experiment", grade)
    assert both[False][:2] == ("flights", "B")  # the test is of the channel
    _, _, leads, low, high = both[True]
    assert high - low < 0.7 * (alone[4] - alone[3])
    truth = 0.6 * 0.5 * 8 * DAYS
    assert low < truth < high
    assert abs(leads - truth) < abs(alone[2] - truth)
    assert judged(company) == [(True, None, False)]
    np.testing.assert_allclose([row[1] for row in sums(company)], 1.0, atol=1e-12)


def test_a_test_by_region_in_the_flights_own_days_changes_nothing(
    company: duckdb.DuckDBPyConnection,
) -> None:
    run.refresh(company, as_of=AS_OF)
    alone, credits = evidence(company), sums(company)
    keep_test(company, "youtube_ads", 0.9, regions="region a", day=date(2026, 3, 1))
    run.refresh(company, as_of=AS_OF)
    assert evidence(company) == alone
    assert sums(company) == credits
    assert judged(company) == [(False, "in_flights", False)]


def test_a_test_of_what_nobody_met_is_told_and_not_used(
    company: duckdb.DuckDBPyConnection,
) -> None:
    keep_test(company, "podcast", 0.2)
    run.refresh(company, as_of=AS_OF)
    assert judged(company) == [(False, "unknown_channel", False)]


def test_a_contradictory_test_is_told_and_believed(
    company: duckdb.DuckDBPyConnection,
) -> None:
    keep_test(company, "youtube_ads", -0.4)
    run.refresh(company, as_of=AS_OF)
    assert judged(company) == [(True, None, True)]
    _, _, leads, low, _ = evidence(company)[True]
    assert (leads, low) == (pytest.approx(0, abs=5), 0)
    np.testing.assert_allclose([row[1] for row in sums(company)], 1.0, atol=1e-12)


def test_the_whole_of_a_tested_channel_takes_the_error_of_the_sum() -> None:
    # 5 and 3 with a common error of 1: 8 +- 1.645, where each alone would say 5
    test = Calibration("youtube_ads", 8.0, 1.0, 1, is_randomised=True)
    merged = Merged(test, 1.0, is_conflict=True)
    units = [
        unit([1] * 20, 5.0, se=4.0, merged=merged, video="v1"),
        unit([1] * 20, 3.0, se=3.0, merged=merged),
    ]
    found = told(20, np.ones(20, dtype=bool), None, units, [test])
    whole = next(each for each in found.evidence if each.video_key is None)
    assert (whole.evidence, whole.evidence_grade) == ("experiment", "A")
    assert whole.leads_p05 == pytest.approx(8 - 1.645)
    assert whole.leads_p95 == pytest.approx(8 + 1.645)
    assert found.caused_se == pytest.approx(1.0)
    assert found.conflicts == {"youtube_ads"}


def test_too_few_leads_leave_no_row_of_the_method(
    company: duckdb.DuckDBPyConnection,
) -> None:
    company.execute(
        "delete from intermediate.int_journey__conversions "
        "where conversion_type = 'lead' and conversion_id > 'lead p00100'"
    )
    done = run.refresh(company, as_of=AS_OF)
    assert done.rows["analysis.attribution_evidence"] == 0
    methods = company.execute(
        "select distinct method from analysis.attribution_channels"
    ).fetchall()
    assert ("causal",) not in methods
    assert ("last",) in methods
