"""Raw rows of a company in which every trap lies open, small enough to work by hand.

As of 30 September. v1 (100 s) on YouTube and as Meta ad1 in EUR (1.10 USD, from 15 June
1.20), v2 (300 s) on YouTube and on /proof. ad2 carries no video and is paid in CHF, for
which there is no rate; ad3's video is in nobody's catalogue. Not here: what should come
of it (test_traps).
"""

from typing import Any

SITE = "brand.example"
CATALOGUE = {"account_id": "catalogue"}
AT = "T12:00:00Z"


def event(
    number: int, who: str, at: str, kind: str, path: str, **more: Any
) -> dict[str, Any]:
    received = more.pop("received", at)
    return {
        "account_id": SITE,
        "message_id": f"m{number}",
        "anonymous_id": who,
        "event": kind,
        "event_at": f"2026-{at}:00Z",
        "received_at": f"2026-{received}:30Z",
        "page_url": f"https://{SITE}{path}",
        "page_path": path,
        "file": "events.jsonl",
        "row_number": number,
        **more,
    }


def start(number: int, who: str, at: str) -> dict[str, Any]:
    session = {"video_ref": "v2-1", "player_session_id": f"s{number}"}
    return event(
        number,
        who,
        at,
        "video_start",
        "/proof",
        total_seconds=300,
        quartile=0,
        **session,
    )


def contact(id_: str, email: str, lead: str, **more: Any) -> dict[str, Any]:
    return {
        "account_id": "7",
        "id": id_,
        "email_sha256": email,
        "created_at": lead + AT,
        "createdate": lead + AT,
        "archived": False,
        "lifecyclestage": "lead",
        "hs_lifecyclestage_lead_date": lead + AT,
        **more,
    }


def deal(
    id_: str, created: str, amount: int, currency: str, won: str | None
) -> dict[str, Any]:
    return {
        "account_id": "7",
        "id": id_,
        "created_at": created + AT,
        "createdate": created + AT,
        "archived": False,
        "amount": amount,
        "deal_currency_code": currency,
        "pipeline": "default",
        "dealstage": "closedwon" if won else "discovery",
        "closedate": won and won + AT,
        "hs_is_closed": won is not None,
        "hs_is_closed_won": won is not None,
    }


def watched(
    video: str, day: str, views: int, engaged: int, minutes: int
) -> dict[str, Any]:
    return {
        "account_id": "UC1",
        "video_id": video,
        "day": day,
        "views": views,
        "engaged_views": engaged,
        "estimated_minutes_watched": minutes,
    }


def plays(count: int) -> str:
    return f'[{{"action_type":"video_view","value":"{count}"}}]'


def spent(
    account: str, ad: str, day: str, currency: str, spend: int, **more: Any
) -> dict[str, Any]:
    return {
        "account_id": account,
        "ad_id": ad,
        "date_start": day,
        "account_currency": currency,
        "spend": str(spend),
        "impressions": 1000,
        "inline_link_clicks": 0,
        "actions": "[]",
        **more,
    }


QUARTILES = {
    "reach": "800",  # not to be added to another day's
    "video_play_actions": plays(400),
    "video_p25_watched_actions": plays(160),
    "video_p50_watched_actions": plays(120),
    "video_p75_watched_actions": plays(80),
    "video_p100_watched_actions": plays(60),
    "actions": '[{"action_type":"lead","value":"5","7d_click":"3","1d_view":"2"}]',
}
PROPERTY = {"account_id": "sc-domain:" + SITE, "type": "web", "date": "2026-06-10"}


def found(clicks: int, **more: Any) -> dict[str, Any]:
    return {**PROPERTY, "clicks": clicks, "impressions": 1000, "position": 4.0, **more}


RAW: dict[str, list[dict[str, Any]]] = {
    "catalogue.videos": [
        {**CATALOGUE, "video_id": v, "title": t, "objective": o, "duration_seconds": s}
        for v, t, o, s in [
            ("v1", "Film", "awareness", 100),
            ("v2", "Talk", "credibility", 300),
        ]
    ],
    "catalogue.variants": [
        {**CATALOGUE, "variant_id": f"{v}-1", "video_id": v, "duration_seconds": s}
        for v, s in [("v1", 100), ("v2", 300)]
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
            "page_path": path,
            "tag": f"ph-{p}",
            "start_date": "2026-01-01",
        }
        for p, v, channel, platform, account, object_id, path in [
            ("p1", "v1", "youtube_organic", "youtube", "UC1", "yt1", None),
            ("p2", "v1", "meta", "meta_ads", "act_1", "ad1", None),
            ("p3", "v2", "youtube_organic", "youtube", "UC1", "yt2", None),
            ("p4", "v2", "site_player", "site_events", SITE, None, "/proof"),
            ("p5", "v2", "tiktok_ads", "tiktok_ads", "tt", "t1", None),
        ]
    ],
    "catalogue.fx_rates": [
        {**CATALOGUE, "date": day, "currency_code": "EUR", "rate_to_usd": rate}
        for day, rate in [("2026-01-01", "1.10"), ("2026-06-15", "1.20")]
    ],
    "catalogue.finance": [
        {
            **CATALOGUE,
            "row_number": line,
            "month": "2026-07-01",
            "deal_id": deal_id,
            "amount": amount,
            "currency_code": "EUR",
        }
        for line, deal_id, amount in [(2, "d1", 900), (3, "elsewhere", 50)]
    ],
    "youtube.videos": [
        {
            "account_id": "UC1",
            "id": id_,
            "title": title,
            "published_at": "2026-01-01" + AT,
            "duration": duration,
        }
        for id_, title, duration in [
            ("yt1", "Film", "PT1M40S"),
            ("yt2", "Talk", "PT5M"),
        ]
    ],
    "youtube.video_daily": [
        watched("yt1", "2026-03-08", 23, 23, 0),  # 23 hours long on the Pacific coast
        watched("yt1", "2026-08-26", 100, 100, 50),
        watched("yt1", "2026-08-27", 118, 100, 0),  # from here on counted otherwise
        watched("yt2", "2026-08-26", 10, 10, 45),
    ],
    "meta_ads.accounts": [
        {"account_id": "act_1", "currency": "EUR", "timezone_name": "Europe/Berlin"},
        {"account_id": "act_2", "currency": "CHF", "timezone_name": "Europe/Zurich"},
    ],
    "meta_ads.ads": [
        {"account_id": "act_1", "id": "ad1", "name": "Film ad"},
        {"account_id": "act_1", "id": "ad3", "name": "Foreign", "video_id": "mv9"},
        {"account_id": "act_2", "id": "ad2", "name": "A picture"},
    ],
    "meta_ads.ad_insights": [
        spent("act_1", "ad1", "2026-06-10", "EUR", 10, **QUARTILES)
        | {"campaign_id": "c1", "campaign_name": "Old name"},
        spent("act_1", "ad1", "2026-06-20", "EUR", 10, actions=None)
        | {"campaign_id": "c1", "campaign_name": "New name"},
        spent("act_1", "ad3", "2026-06-10", "EUR", 5),
        spent("act_2", "ad2", "2026-06-10", "CHF", 50),
    ],
    "meta_ads.ad_insights_by_region": [
        spent("act_1", "ad1", "2026-06-10", "EUR", spend, region=region)
        | {"impressions": impressions}
        for region, spend, impressions in [("Bavaria", 6, 600), ("Saxony", 4, 400)]
    ],
    "search_console.by_date": [found(100)],
    "search_console.by_page": [
        found(clicks, page=f"https://{SITE}{path}")
        for path, clicks in [("/a", 70), ("/b", 60)]
    ],
    "search_console.by_page_query": [
        found(clicks, page=f"https://{SITE}/a", query=query)
        for query, clicks in [("shift plan", 30), ("roster", 23)]
    ],
    "search_console.by_appearance": [
        found(40, search_appearance=name) for name in ("VIDEO", "TRANSLATED_RESULT")
    ],
    "site_events.events": [
        # A clicks the ad; the line arrives five days late, after A's form
        event(
            1,
            "A",
            "06-10T10:00",
            "page",
            "/",
            received="06-15T10:00",
            utm_source="facebook",
            utm_medium="paid_social",
            utm_content="ph-p2",
            click_id="k1",
        ),
        event(2, "A", "06-12T10:00", "form_submit", "/demo", email_sha256="e1"),
        # B comes from a network whose costs no source tells
        event(
            3,
            "B",
            "06-10T11:00",
            "page",
            "/",
            utm_source="tiktok",
            utm_medium="paid_social",
            utm_content="ph-p5",
            click_id="k2",
        ),
        event(4, "B", "06-12T11:00", "form_submit", "/demo", email_sha256="e2"),
        # somebody without a name opens d4's sales room and plays v2 there; one play is on
        # a page that no placement names
        event(
            5,
            "R",
            "09-10T10:00",
            "sales_room_view",
            "/room",
            video_ref="v2-1",
            deal_ref="d4",
        ),
        start(6, "R", "09-10T10:00")
        | {
            "event": "video_progress",
            "page_path": "/room",
            "deal_ref": "d4",
            "quartile": 50,
        },
        start(7, "N", "09-11T10:00") | {"page_path": "/news"},
        # one view in every hour around the night in which Berlin loses one
        *(
            start(10 + hour, "C", f"03-{28 + hour // 24}T{hour % 24:02}:30")
            for hour in range(22, 30)
        ),
    ],
    "hubspot.contacts": [
        contact(
            "1",
            "e1",
            "2026-06-12",
            hs_analytics_source="PAID_SOCIAL",
            hs_merged_object_ids="11",
            associatedcompanyid="k1",
        ),
        contact("11", "e1-alias", "2026-06-13", associatedcompanyid="k1"),
        contact(
            "2",
            "e2",
            "2026-06-12",
            hs_analytics_source="PAID_SOCIAL",
            associatedcompanyid="k2",
        ),
        contact("3", "e3", "2026-06-20", associatedcompanyid="k3"),
        contact(
            "4",
            "e4",
            "2026-09-01",
            hs_analytics_source="PAID_SOCIAL",
            associatedcompanyid="k4",
        ),
    ],
    "hubspot.deals": [
        deal("d1", "2026-06-15", 1000, "EUR", "2026-07-01"),
        deal("d2", "2026-06-16", 700, "CHF", "2026-07-02"),
        deal("d3", "2026-06-01", 300, "USD", "2026-06-10"),
        deal("d4", "2026-09-05", 400, "USD", None),
    ],
    "hubspot.deal_contacts": [
        {"account_id": "7", "deal_id": f"d{n}", "contact_id": str(n)}
        for n in (1, 2, 3, 4)
    ],
}
