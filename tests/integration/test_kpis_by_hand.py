"""Every KPI worked by hand, on one small company that fits on a page.

As of 30 June. Videos: v1 (awareness, 100 s) on YouTube and as a Meta ad in EUR (1 EUR =
1.10 USD); v2 (a testimonial, 60 s) on /proof; v3 (onboarding, 40 s) on /app/welcome.
A clicked the ad on 1 May, watched three quarters of v2, became a lead on 10 May, signed
for 1,000 USD on 14 June. B came directly, hardly watched v2, became a lead on 12 May and
was lost on 10 June. C watched v2 without a name. Somebody became a lead on 25 June.
A pays 100 USD a month on 1 May, 120 on 1 June, 90 on 1 July; B 50 on 1 May and then left.
A recommends them with 9, later with 6; B with 8, and with 3 after watching v3.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scipy.stats import CensoredData, ecdf

from tests.support.handmade import refresh, write_raw
from warehouse.settings import Settings

AS_OF = date(2026, 6, 30)
SITE = "brand.example"


def event(
    number: int, who: str, at: str, kind: str, path: str, **more: Any
) -> dict[str, Any]:
    return {
        "account_id": SITE,
        "message_id": f"m{number}",
        "anonymous_id": who,
        "event": kind,
        "event_at": f"2026-{at}:00Z",
        "received_at": f"2026-{at}:30Z",
        "page_url": f"https://{SITE}{path}",
        "page_path": path,
        "file": "events.jsonl",
        "row_number": number,
        **more,
    }


def play(session: str, video: str, total: float, quartile: int) -> dict[str, Any]:
    return {
        "video_ref": video,
        "player_session_id": session,
        "total_seconds": total,
        "quartile": quartile,
    }


def contact(id_: str, email: str, lead: str, mql: str | None = None) -> dict[str, Any]:
    return {
        "account_id": "7",
        "id": id_,
        "email_sha256": email,
        "created_at": f"{lead}T09:00:00Z",
        "archived": False,
        "createdate": f"{lead}T09:00:00Z",
        "lifecyclestage": "lead",
        "hs_lifecyclestage_lead_date": f"{lead}T09:00:00Z",
        "hs_lifecyclestage_marketingqualifiedlead_date": mql and f"{mql}T09:00:00Z",
        "associatedcompanyid": f"k{id_}",
    }


def deal(
    id_: str, created: str, amount: str, closed: str | None, won: bool, stage: str
) -> dict[str, Any]:
    return {
        "account_id": "7",
        "id": id_,
        "created_at": f"{created}T12:00:00Z",
        "createdate": f"{created}T12:00:00Z",
        "archived": False,
        "amount": amount,
        "deal_currency_code": "USD",
        "pipeline": "default",
        "dealstage": stage,
        "closedate": closed and f"{closed}T12:00:00Z",
        "hs_is_closed": closed is not None,
        "hs_is_closed_won": won,
    }


def stage(deal_id: str, at: str, value: str) -> dict[str, Any]:
    return {
        "account_id": "7",
        "deal_id": deal_id,
        "value": value,
        "timestamp": f"{at}T12:00:00Z",
        "source_type": "CRM_UI",
    }


def plays(count: int) -> str:
    return f'[{{"action_type":"video_view","value":"{count}"}}]'


def line(customer: str, start: str, end: str, cents: int) -> dict[str, Any]:
    """An invoice line over a month of 30 days, 10 hours and a half."""
    return {
        "account_id": "acct_1",
        "id": f"il_{customer}_{start}",
        "invoice": f"in_{customer}_{start}",
        "customer": customer,
        "subscription": f"sub_{customer}",
        "status": "paid",
        "created": f"2026-{start}:00Z",
        "period_start": f"2026-{start}:00Z",
        "period_end": f"2026-{end}:00Z",
        "currency": "usd",
        "amount": cents,
    }


def answer(response: int, at: str, **told: Any) -> dict[str, Any]:
    return {
        "account_id": "u1",
        "response_id": f"r{response}",
        "question_id": "q1",
        "form_id": "f1",
        "submitted_date": f"2026-{at}",
        "submitted_at": f"2026-{at}T12:00:00Z",
        **told,
    }


def scored(number: int, at: str, email: str, score: int) -> dict[str, Any]:
    return answer(number, at, question_type="nps", email_sha256=email, number=score)


def trusts(number: int, cell: str, is_yes: bool) -> dict[str, Any]:
    told = {"question_type": "yes_no", "question_ref": "trust"}
    return answer(number, "06-01", cell=cell, boolean=is_yes, **told)


STAGES = ["evaluation", "closedwon", "closedlost"]
CATALOGUE = {"account_id": "catalogue"}
RAW = {
    "catalogue.videos": [
        {**CATALOGUE, "video_id": v, "title": t, "objective": o, "duration_seconds": s}
        for v, t, o, s in [
            ("v1", "Film", "awareness", 100),
            ("v2", "Proof", "credibility", 60),
            ("v3", "Welcome", "retention", 40),
        ]
    ],
    "catalogue.variants": [
        {**CATALOGUE, "variant_id": f"{v}-1", "video_id": v, "duration_seconds": s}
        for v, s in [("v1", 100), ("v2", 60), ("v3", 40)]
    ],
    "catalogue.placements": [
        {
            **CATALOGUE,
            "placement_id": p,
            "variant_id": f"{v}-1",
            "channel": channel,
            "platform": platform,
            "platform_account_id": account,
            "platform_object_id": object_id,
            "platform_video_id": None,
            "page_path": path,
            "tag": f"ph-{p}",
            "start_date": "2026-01-01",
        }
        for p, v, channel, platform, account, object_id, path in [
            ("p1", "v1", "youtube_organic", "youtube", "UC1", "yt1", None),
            ("p2", "v1", "meta", "meta_ads", "act_1", "ad1", None),
            ("p3", "v2", "site_player", "site_events", SITE, None, "/proof"),
            ("p4", "v3", "site_player", "site_events", SITE, None, "/app/welcome"),
        ]
    ],
    "catalogue.fx_rates": [
        {
            **CATALOGUE,
            "date": "2026-06-01",
            "currency_code": "EUR",
            "rate_to_usd": "1.10",
        }
    ],
    "catalogue.targets": [
        {
            **CATALOGUE,
            "row_number": 2,
            "objective": "awareness",
            "kpi": "hook_rate",
            "target": 0.25,
        }
    ],
    "youtube.videos": [
        {
            "account_id": "UC1",
            "id": "yt1",
            "title": "Film",
            "published_at": "2026-01-01T00:00:00Z",
            "duration": "PT1M40S",
        }
    ],
    "youtube.video_daily": [
        {
            "account_id": "UC1",
            "video_id": "yt1",
            "day": "2026-06-10",
            "views": 100,
            "engaged_views": 100,
            "estimated_minutes_watched": 50,
            "likes": 8,
            "dislikes": 2,
            "shares": 5,
            "subscribers_gained": 7,
            "subscribers_lost": 3,
        }
    ],
    "meta_ads.ads": [
        {"account_id": "act_1", "id": "ad1", "name": "Film ad", "campaign_id": "c"}
    ],
    "meta_ads.ad_insights": [
        {
            "account_id": "act_1",
            "ad_id": "ad1",
            "date_start": "2026-06-10",
            "account_currency": "EUR",
            "spend": "10.00",
            "impressions": 1000,
            "inline_link_clicks": 20,
            "actions": plays(200),
            "video_play_actions": plays(400),
            "video_15_sec_watched_actions": plays(50),
            "video_thruplay_watched_actions": plays(40),
            "video_p25_watched_actions": plays(160),
            "video_p50_watched_actions": plays(120),
            "video_p75_watched_actions": plays(80),
            "video_p95_watched_actions": plays(70),
            "video_p100_watched_actions": plays(60),
            "video_avg_time_watched_actions": plays(5),
        }
    ],
    "search_console.by_date": [
        {
            "account_id": "sc-domain:" + SITE,
            "type": "web",
            "date": "2026-06-10",
            "clicks": 3,
            "impressions": 40,
            "position": 4.0,
        }
    ],
    "search_console.by_page": [
        {
            "account_id": "sc-domain:" + SITE,
            "type": "video",
            "date": "2026-06-10",
            "page": f"https://{SITE}/proof",
            "clicks": 1,
            "impressions": 5,
            "position": 2.0,
        }
    ],
    "site_events.events": [
        event(
            1,
            "A",
            "05-01T10:00",
            "page",
            "/proof",
            utm_source="facebook",
            utm_medium="paid_social",
            utm_content="ph-p2",
            click_id="k1",
        ),
        event(2, "A", "05-01T10:01", "player_load", "/proof", video_ref="v2-1"),
        event(
            3, "A", "05-01T10:02", "video_start", "/proof", **play("s1", "v2-1", 60, 0)
        ),
        event(
            4,
            "A",
            "05-01T10:03",
            "video_progress",
            "/proof",
            **play("s1", "v2-1", 60, 75),
        ),
        event(5, "A", "05-10T09:00", "form_submit", "/demo", email_sha256="e1"),
        event(
            6, "A", "05-20T10:00", "video_start", "/proof", **play("s2", "v2-1", 60, 0)
        ),
        event(
            7,
            "A",
            "05-20T10:01",
            "video_progress",
            "/proof",
            **play("s2", "v2-1", 60, 75),
        ),
        event(
            8,
            "A",
            "06-01T10:00",
            "video_progress",
            "/app/welcome",
            **play("s3", "v3-1", 40, 75),
        ),
        event(9, "A", "06-05T10:00", "activated", "/app"),
        event(10, "B", "05-01T11:00", "page", "/proof"),
        event(11, "B", "05-01T11:01", "player_load", "/proof", video_ref="v2-1"),
        event(
            12,
            "B",
            "05-01T11:02",
            "video_start",
            "/proof",
            **play("s4", "v2-1", 60, 0),
            position_seconds=6,
        ),
        event(13, "B", "05-12T09:00", "form_submit", "/demo", email_sha256="e2"),
        event(
            14,
            "B",
            "06-02T10:00",
            "video_complete",
            "/app/welcome",
            **play("s5", "v3-1", 40, 100),
        ),
        event(15, "C", "05-01T12:00", "player_load", "/proof", video_ref="v2-1"),
        event(
            16,
            "C",
            "05-01T12:01",
            "video_complete",
            "/proof",
            **play("s6", "v2-1", 60, 100),
        ),
        event(17, "C", "05-02T12:00", "player_load", "/proof", video_ref="v2-1"),
        event(18, "A", "05-20T09:59", "player_load", "/proof", video_ref="v2-1"),
        event(19, "A", "06-01T09:59", "player_load", "/app/welcome", video_ref="v3-1"),
        event(20, "B", "06-02T09:59", "player_load", "/app/welcome", video_ref="v3-1"),
    ],
    "hubspot.contacts": [
        contact("1", "e1", "2026-05-10", "2026-05-20"),
        contact("2", "e2", "2026-05-12"),
        contact("3", "e3", "2026-06-25"),
    ],
    "hubspot.deals": [
        deal("d1", "2026-05-15", "1000", "2026-06-14", True, "closedwon"),
        deal("d2", "2026-05-20", "500", "2026-06-10", False, "closedlost"),
        deal("d3", "2026-06-26", "300", None, False, "discovery"),
    ],
    "hubspot.deal_stage_history": [
        stage("d1", "2026-05-20", "evaluation"),
        stage("d1", "2026-06-14", "closedwon"),
        stage("d2", "2026-05-25", "evaluation"),
        stage("d2", "2026-06-10", "closedlost"),
    ],
    "hubspot.deal_contacts": [
        {"account_id": "7", "deal_id": f"d{n}", "contact_id": str(n)} for n in (1, 2, 3)
    ],
    "hubspot.pipeline_stages": [
        {
            "account_id": "7",
            "pipeline_id": "default",
            "pipeline_label": "Sales",
            "id": name,
            "label": name.capitalize(),
            "archived": False,
        }
        for name in ["discovery", *STAGES]
    ],
    "surveys.answers": [
        scored(1, "05-15", "e1", 9),
        scored(2, "06-10", "e1", 6),
        scored(3, "05-20", "e2", 8),
        scored(4, "06-20", "e2", 3),
        trusts(5, "exposed", True),
        trusts(6, "exposed", True),
        trusts(7, "exposed", False),
        trusts(8, "control", True),
        trusts(9, "control", False),
    ],
    "reviews.reviews": [
        {
            "account_id": "b1",
            "id": f"v{number}",
            "created_at": "2026-06-01T12:00:00Z",
            "stars": stars,
            "is_verified": stars > 1,
        }
        for number, stars in enumerate([5, 4, 2, 1])
    ],
    "stripe.customers": [
        {"account_id": "acct_1", "id": f"c{n}", "email_sha256": f"e{n}"} for n in (1, 2)
    ],
    "stripe.subscriptions": [
        {
            "account_id": "acct_1",
            "id": "sub_c2",
            "customer": "c2",
            "status": "canceled",
            "ended_at": "2026-05-20T00:00:00Z",
        }
    ],
    "stripe.invoice_lines": [
        line("c1", "04-15T00:00", "05-15T10:30", 10_000),
        line("c1", "05-15T10:30", "06-14T21:00", 12_000),
        line("c1", "06-14T21:00", "07-15T07:30", 9_000),
        line("c2", "04-15T00:00", "05-15T10:30", 5_000),
        # paid ahead, and gone before it began to count
        line("c2", "05-15T10:30", "06-14T21:00", 5_000),
    ],
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("hand")), mode="accounts")
    write_raw(settings, AS_OF, RAW)
    refresh(settings, AS_OF)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        yield con


def ratio(con: Any, kpi: str, where: str = "true") -> tuple[float, float | None]:
    """Numerator and denominator of a KPI over all days, summed first."""
    row = con.execute(
        f"select sum(numerator), sum(denominator) from published.kpi_daily "
        f"where kpi = ? and {where}",
        [kpi],
    ).fetchone()
    return (row[0], row[1])


META = "channel = 'meta'"
ORGANIC = "channel = 'youtube_organic'"


@pytest.mark.parametrize(
    ("kpi", "where", "numerator", "denominator"),
    [
        # 200 of 1,000 stayed three seconds; 50 of those 200 fifteen; 40 ThruPlays
        ("hook_rate", META, 200, 1000),
        ("hold_rate", META, 50, 200),
        ("thruplay_rate", META, 40, 1000),
        ("quartile_reach_25", META, 160, 400),
        ("quartile_reach_50", META, 120, 400),
        ("quartile_reach_75", META, 80, 400),
        ("quartile_reach_100", META, 60, 400),
        # 50 minutes = 3,000 s over 100 views x 100 s
        ("average_percentage_viewed", ORGANIC, 3000, 10_000),
        # 400 plays x 5 s = 2,000 s over 400 x 100 s
        ("average_percentage_viewed", META, 2000, 40_000),
        # 10 EUR = 11 USD; 11 x 1,000 over 1,000 impressions
        ("cpm", META, 11_000, 1000),
        ("cpv", META, 11, 200),
        ("cost_per_watched_hour", META, 11, 2000 / 3600),
        # /proof was shown, /app/welcome was not
        ("video_search_presence", "true", 1, 2),
        ("net_subscribers", ORGANIC, 4, None),
        ("link_ctr", META, 20, 1000),
        # seven players were loaded, one of them on 2 May for nothing
        ("play_rate", "true", 6, 7),
        # A and C watched v2 properly and A became a lead in time; B did not watch it
        # properly. v3: A and B were leads before they saw it, so they do not count.
        ("view_to_lead_rate", "true", 1, 2),
        # A's lead: ad and view, half each. 11 USD for half a lead.
        ("cost_per_lead", META, 11, 0.5),
        # A qualified within thirty days, B did not; June's lead is not mature
        ("stage_rate_lead_mql", "true", 1, 2),
        # A's first touch was the ad; B's a direct visit
        ("video_sourced_pipeline", "true", 1000, None),
        # B watched v3 to the end before the loss
        ("video_influenced_pipeline", "true", 1500, None),
        # A's four touches: ad 0.4, v2 0.1, v2 0.1, v3 0.4 of 1,000: all of it video
        ("attributed_revenue", "true", 1000, None),
        ("attributed_revenue", META, 400, None),
        ("roas", META, 400, 11),
        ("win_rate_exposed", "true", 1, 1),
        ("win_rate_unexposed", "true", 0, 1),
        # viewer-days: A, B, C on 1 May, A on 20 May (again), A 1 June (again), B 2 June
        # (32 days after 1 May: not within 28)
        ("returning_viewers", "true", 2, 6),
        # A became active four days after the video, B did not
        ("onboarding_activation", "true", 1, 2),
        ("like_rate", ORGANIC, 8, 10),
        ("earned_share_rate", ORGANIC, 5, 100),
        # in May neither had watched before: of 100 and 50, 120 and nothing were left; in
        # June A had: of 120, 90 were left
        ("nrr_unexposed", "true", 120, 150),
        ("grr_unexposed", "true", 100, 150),
        ("logo_churn_unexposed", "true", 1, 2),
        ("nrr_exposed", "true", 90, 120),
        ("grr_exposed", "true", 90, 120),
        ("logo_churn_exposed", "true", 0, 1),
        # one promoter (9), two detractors (6, 3), one in between; only B's 8 came before
        # any video
        ("nps", "true", -1, 4),
        ("nps_exposed", "true", -1, 3),
        ("nps_unexposed", "true", 0, 1),
        ("trust_exposed", "true", 2, 3),
        ("trust_control", "true", 1, 2),
        # 5, 4 and 2 stars; the single star is of nobody known
        ("review_score", "true", 11, 3),
        ("review_count", "true", 3, None),
        ("share_of_4_and_5", "true", 2, 3),
        # both deals were evaluated; A saw the testimonial properly
        ("proof_coverage", "true", 1, 2),
    ],
)
def test_kpi_equals_the_figure_worked_by_hand(
    warehouse: Any, kpi: str, where: str, numerator: float, denominator: float | None
) -> None:
    assert ratio(warehouse, kpi, where) == pytest.approx((numerator, denominator))


def test_cycle_medians_equal_the_survival_estimate_of_a_library(warehouse: Any) -> None:
    rows = warehouse.sql(
        "select kpi, value from published.objective_scorecard "
        "where kpi like 'median%' and video_key = 'all'"
    ).fetchall()
    # won: 10 May to 14 June = 35 days. Lost after 29, open since 5: both censored.
    survival = ecdf(CensoredData.right_censored([35, 29, 5], [False, True, True])).sf
    median = float(min(survival.quantiles[survival.probabilities <= 0.5]))
    assert dict(rows) == {"median_days_to_close_won": 35.0, "median_cycle_days": median}


def test_every_method_sums_to_what_was_booked(warehouse: Any) -> None:
    rows = warehouse.sql(
        "select method, conversion_type, sum(conversions), sum(value_usd) "
        "from published.attribution_channels group by all"
    ).fetchall()
    booked = {"lead": (3, 0.0), "opportunity": (3, 1800.0), "won": (1, 1000.0)}
    assert {row[0] for row in rows} >= {
        "first",
        "last",
        "last_non_direct",
        "linear",
        "position",
        "time_decay",
        "markov_1",
        "markov_3",
        "shapley_set",
    }
    for method, kind, conversions, value in rows:
        assert (conversions, value) == pytest.approx(booked[kind]), method


def test_a_target_stands_beside_its_value(warehouse: Any) -> None:
    row = warehouse.sql(
        "select value, target, is_attained from published.objective_scorecard "
        "where kpi = 'hook_rate' and video_key = 'all' and period = 'last_90_days'"
    ).fetchone()
    assert row == (0.2, 0.25, False)


def test_a_kpi_that_a_platform_does_not_measure_has_no_row(warehouse: Any) -> None:
    # YouTube tells no impressions: no hook rate of 0, no row at all
    assert ratio(warehouse, "hook_rate", ORGANIC) == (None, None)


def test_every_kpi_of_the_catalogue_is_worked_by_hand(warehouse: Any) -> None:
    names = {
        name for (name,) in warehouse.sql("select kpi from published.kpis").fetchall()
    }
    mark = next(
        m
        for m in test_kpi_equals_the_figure_worked_by_hand.pytestmark  # type: ignore[attr-defined]
        if m.name == "parametrize"
    )
    worked = {case[0] for case in mark.args[1]}
    assert names - worked == {"median_days_to_close_won", "median_cycle_days"}
