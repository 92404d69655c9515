{# THE list of KPIs. One entry is a KPI: its rows, dimension, dictionary, marts and report
   follow from it. Numerator and denominator are expressions over one row of `model`
   (`denominator_model` where it is counted elsewhere); they are summed first and divided
   last. A row counts only where both are measured: null is not 0. docs/add-a-kpi.md.

   counts false where a share is not one of counted things: it gets no score interval
   kind   ratio (numerator / denominator), amount (numerator alone), median (own model)
   level  video (also split by channel), company #}
{% macro kpi_catalog() -%}
{%- set performance = {"model": "fct_video_performance_daily", "date": "performance_date", "level": "video", "kind": "ratio"} -%}
{%- set by_video = {"date": "kpi_date", "level": "video", "kind": "ratio"} -%}
{%- set company = {"date": "kpi_date", "level": "company", "kind": "ratio"} -%}
{%- set all = {
    "hook_rate": dict(performance, objective="awareness", numerator="plays_3s", denominator="impressions", unit="share", good="up", version=1, grade="E",
        says="of those shown the video, how many stayed three seconds"),
    "hold_rate": dict(performance, objective="awareness", numerator="coalesce(plays_15s, thruplays)", denominator="plays_3s", unit="share", good="up", version=1, grade="E",
        says="of those who stayed three seconds, how many stayed fifteen or to the end"),
    "thruplay_rate": dict(performance, objective="awareness", numerator="thruplays", denominator="impressions", unit="share", good="up", version=1, grade="E",
        says="of those shown the video, how many watched fifteen seconds or all of it"),
    "quartile_reach_25": dict(performance, objective="awareness", numerator="p25_plays", denominator="starts", unit="share", good="up", version=1, grade="E",
        says="of the plays started, how many reached a quarter"),
    "quartile_reach_50": dict(performance, objective="awareness", numerator="p50_plays", denominator="starts", unit="share", good="up", version=1, grade="E",
        says="of the plays started, how many reached the middle"),
    "quartile_reach_75": dict(performance, objective="awareness", numerator="p75_plays", denominator="starts", unit="share", good="up", version=1, grade="E",
        says="of the plays started, how many reached three quarters"),
    "quartile_reach_100": dict(performance, objective="awareness", numerator="p100_plays", denominator="starts", unit="share", good="up", version=1, grade="E",
        says="of the plays started, how many reached the end"),
    "average_percentage_viewed": dict(performance, objective="awareness", counts=false, numerator="watch_seconds", denominator="watchable_seconds", unit="share", good="up", version=1, grade="E",
        says="watch time over what it would be if everybody watched to the end"),
    "cpm": dict(performance, objective="awareness", numerator="1000 * spend_usd", denominator="impressions", unit="usd_per_1000", good="down", version=1, grade="E",
        says="media spend for a thousand impressions"),
    "cpv": dict(performance, objective="awareness", numerator="spend_usd", denominator="views", unit="usd", good="down", version=1, grade="E",
        says="media spend for one view as the platform counts it"),
    "cost_per_watched_hour": dict(performance, objective="awareness", numerator="spend_usd", denominator="watch_seconds / 3600.0", unit="usd", good="down", version=1, grade="E",
        says="media spend for one hour watched: comparable across platforms"),
    "net_subscribers": dict(performance, objective="acquisition", kind="amount", numerator="subscribers_gained - subscribers_lost", denominator=none, unit="count", good="up", version=1, grade="E",
        says="subscribers won minus subscribers lost"),
    "link_ctr": dict(performance, objective="acquisition", numerator="link_clicks", denominator="impressions", unit="share", good="up", version=1, grade="E",
        says="of those shown the video, how many clicked through"),
    "like_rate": dict(performance, objective="credibility", numerator="likes", denominator="likes + dislikes", unit="share", good="up", version=1, grade="E",
        says="of those who judged the video, how many liked it"),
    "earned_share_rate": dict(performance, objective="credibility", numerator="shares", denominator="engaged_views", unit="share", good="up", version=1, grade="E",
        says="of the engaged views (a count YouTube never redefined), how many were passed on"),
    "video_search_presence": dict(company, model="fct_video_search_daily", objective="awareness", numerator="pages_shown", denominator="pages_with_video", unit="share", good="up", version=1, grade="E",
        says="of the pages that carry a video, how many the video search showed that day"),
    "play_rate": dict(performance, objective="acquisition", numerator="case when channel = 'site_player' then starts end", denominator="case when channel = 'site_player' then impressions end", unit="share", good="up", version=1, grade="E",
        says="of the players shown on the company's pages, how many were started"),
    "view_to_lead_rate": dict(by_video, model="fct_viewer_cohorts", objective="acquisition", numerator="became_lead", denominator="became_lead * 0 + 1", unit="share", good="up", version=1, grade="E",
        says="of those who watched properly for the first time, how many became a lead within thirty days"),
    "cost_per_lead": dict(by_video, model="fct_video_return_daily", objective="acquisition", numerator="spend_usd", denominator="case when spend_usd is not null then attributed_leads end", unit="usd", good="down", version=1, grade="D",
        says="media spend for one attributed lead, in the period of both"),
    "stage_rate_lead_mql": dict(company, model="fct_leads", objective="acquisition", numerator="reached_mql", denominator="reached_mql * 0 + 1", unit="share", good="up", version=1, grade="E",
        says="of the leads whose first thirty days are over, how many were marketing-qualified in them"),
    "video_sourced_pipeline": dict(company, model="fct_deals", date="created_date", kind="amount", objective="conversion", numerator="case when is_video_sourced then amount_usd end", denominator=none, unit="usd", good="up", version=1, grade="D",
        says="opportunities whose first known touch was a video"),
    "video_influenced_pipeline": dict(company, model="fct_deals", date="created_date", kind="amount", objective="conversion", numerator="case when is_video_influenced then amount_usd end", denominator=none, unit="usd", good="up", version=1, grade="E",
        says="opportunities of accounts in which somebody watched a video properly before the close"),
    "attributed_revenue": dict(by_video, model="fct_video_return_daily", kind="amount", objective="conversion", numerator="case when is_video then attributed_revenue_usd end", denominator=none, unit="usd", good="up", version=1, grade="D",
        says="won revenue credited to video by the headline method"),
    "roas": dict(by_video, model="fct_video_return_daily", objective="conversion", numerator="case when spend_usd is not null and is_video then attributed_revenue_usd end", denominator="case when is_video then spend_usd end", unit="ratio", good="up", version=1, grade="D",
        says="attributed revenue of paid video for one dollar of media spend"),
    "win_rate_exposed": dict(company, model="fct_deals", date="closed_date", objective="conversion", numerator="case when is_closed and is_exposed then cast(is_won as integer) end", denominator="case when is_closed and is_exposed then 1 end", unit="share", good="up", version=1, grade="E",
        says="of closed deals in which a video was watched before evaluation, how many were won"),
    "win_rate_unexposed": dict(company, model="fct_deals", date="closed_date", objective="conversion", numerator="case when is_closed and not is_exposed then cast(is_won as integer) end", denominator="case when is_closed and not is_exposed then 1 end", unit="share", good="up", version=1, grade="E",
        says="of closed deals without a view before evaluation, how many were won"),
    "median_days_to_close_won": dict(company, model="mart_deal_cycle", objective="conversion", kind="median", numerator="median of calendar days from first contact to won, won deals only", denominator=none, unit="days", good="down", version=1, grade="E",
        says="days from first contact to signature, of the deals that were won"),
    "median_cycle_days": dict(company, model="mart_deal_cycle", objective="conversion", kind="median", numerator="survival median of calendar days from first contact to won, open deals censored", denominator=none, unit="days", good="down", version=1, grade="E",
        says="days until half of all deals are won, open ones counted as still open"),
    "returning_viewers": dict(by_video, model="fct_viewers_daily", objective="retention", numerator="is_returning", denominator="is_returning * 0 + 1", unit="share", good="up", version=1, grade="E",
        says="of a day's viewers on the site, how many had watched something in the four weeks before"),
    "onboarding_activation": dict(by_video, model="fct_viewer_cohorts", objective="retention", numerator="became_active", denominator="became_active * 0 + 1", unit="share", good="up", version=1, grade="E",
        says="of those who watched three quarters of an onboarding video, how many became active within two weeks"),
    "proof_coverage": dict(company, model="fct_deals", date="evaluation_date", objective="credibility", numerator="case when evaluation_date is not null then cast(has_testimonial_view as integer) end", denominator="case when evaluation_date is not null then 1 end", unit="share", good="up", version=1, grade="E",
        says="of the opportunities in evaluation, how many saw a testimonial"),
} -%}
{{ return(all) }}
{%- endmacro %}
