{# Which sources feed a family: adding a source is one word here. #}
{% macro family(name) -%}
    {{ return({
        "social": ["youtube", "linkedin_pages"],
        "counters": ["youtube", "tiktok", "facebook_pages", "instagram", "linkedin_pages"],
        "paid": ["meta_ads", "google_ads", "linkedin_ads", "tiktok_ads"],
        "region": ["meta_ads", "google_ads", "tiktok_ads", "linkedin_ads"],
        "seo": ["search_console", "ga4"],
        "landing_pages": ["ga4"],
        "reported_totals": ["youtube", "tiktok", "facebook_pages", "instagram", "linkedin_pages", "meta_ads", "google_ads", "linkedin_ads", "tiktok_ads", "search_console"],
        "video_objects": ["youtube", "tiktok", "facebook_pages", "instagram", "linkedin_pages", "meta_ads", "google_ads", "linkedin_ads", "tiktok_ads"],
        "ad_accounts": ["meta_ads", "google_ads", "linkedin_ads", "tiktok_ads"],
        "crm": ["hubspot", "salesforce"],
        "crm_pipelines": ["hubspot"],
        "email": ["hubspot"],
        "players": ["wistia"],
        "billing": ["stripe"],
        "surveys": ["surveys"],
        "reviews": ["reviews"],
        "claims": ["meta_ads", "google_ads", "linkedin_ads", "tiktok_ads"],
    }[name]) }}
{%- endmacro %}

{# The family vocabulary: what every platform's rows are turned into, in this order.
   What a platform lacks is null, never 0. #}
{% macro conformed(vocabulary) -%}
    {{ return({
        "performance": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
            "channel": "varchar",
            "performance_date": "date",
            "day_zone": "varchar",
            "campaign_id": "varchar",
            "campaign_name": "varchar",
            "ad_group_id": "varchar",
            "currency_code": "varchar",
            "spend_native": "decimal(18, 4)",
            "impressions": "bigint",
            "views_definition": "varchar",
            "views_threshold_seconds": "double",
            "views_basis": "varchar",
            "views": "bigint",
            "engaged_views": "bigint",
            "starts": "bigint",
            "plays_3s": "bigint",
            "plays_15s": "bigint",
            "thruplays": "bigint",
            "plays_30s": "bigint",
            "p25_plays": "bigint",
            "p50_plays": "bigint",
            "p75_plays": "bigint",
            "p95_plays": "bigint",
            "p100_plays": "bigint",
            "watch_seconds": "double",
            "link_clicks": "bigint",
            "likes": "bigint",
            "dislikes": "bigint",
            "comments": "bigint",
            "shares": "bigint",
            "saves": "bigint",
            "subscribers_gained": "bigint",
            "subscribers_lost": "bigint",
            "gap_days": "bigint",
            "is_correction": "boolean",
            "load_id": "varchar",
        },
        "counters": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
            "channel": "varchar",
            "snapshot_date": "date",
            "day_zone": "varchar",
            "title": "varchar",
            "published_date": "date",
            "has_daily_report": "boolean",
            "views_definition": "varchar",
            "views_threshold_seconds": "double",
            "views_basis": "varchar",
            "impressions": "bigint",
            "views": "bigint",
            "starts": "bigint",
            "plays_3s": "bigint",
            "plays_15s": "bigint",
            "plays_30s": "bigint",
            "p100_plays": "bigint",
            "watch_seconds": "double",
            "link_clicks": "bigint",
            "likes": "bigint",
            "comments": "bigint",
            "shares": "bigint",
            "saves": "bigint",
            "subscribers_gained": "bigint",
            "load_id": "varchar",
        },
        "objects": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
            "platform_video_id": "varchar",
            "creative_video_id": "varchar",
            "asset_id": "varchar",
            "channel": "varchar",
            "title": "varchar",
            "ad_name": "varchar",
            "duration_seconds": "double",
            "published_date": "date",
            "url_tags": "varchar",
        },
        "claims": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
            "performance_date": "date",
            "campaign_id": "varchar",
            "interaction": "varchar",
            "window_days": "bigint",
            "claimed_conversions": "double",
            "claimed_value_native": "decimal(18, 4)",
            "currency_code": "varchar",
            "load_id": "varchar",
        },
        "crm_contacts": {
            "platform": "varchar",
            "account_id": "varchar",
            "contact_id": "varchar",
            "company_id": "varchar",
            "email_sha256": "varchar",
            "created_at": "timestamp",
            "lead_at": "timestamp",
            "marketing_qualified_at": "timestamp",
            "sales_qualified_at": "timestamp",
            "opportunity_at": "timestamp",
            "customer_at": "timestamp",
            "lifecycle_stage": "varchar",
            "tells_qualification": "boolean",
            "analytics_source": "varchar",
            "region": "varchar",
            "merged_contact_ids": "varchar",
            "merged_into_id": "varchar",
            "is_archived": "boolean",
            "same_as_platform": "varchar",
            "same_as_id": "varchar",
            "load_id": "varchar",
        },
        "crm_deals": {
            "platform": "varchar",
            "account_id": "varchar",
            "deal_id": "varchar",
            "pipeline_id": "varchar",
            "stage_id": "varchar",
            "created_at": "timestamp",
            "closed_at": "timestamp",
            "amount_native": "decimal(18, 4)",
            "currency_code": "varchar",
            "is_closed": "boolean",
            "is_won": "boolean",
            "is_archived": "boolean",
            "same_as_platform": "varchar",
            "same_as_id": "varchar",
            "load_id": "varchar",
        },
        "crm_deal_stages": {
            "platform": "varchar",
            "account_id": "varchar",
            "deal_id": "varchar",
            "stage_id": "varchar",
            "changed_at": "timestamp",
        },
        "crm_deal_contacts": {
            "platform": "varchar",
            "account_id": "varchar",
            "deal_id": "varchar",
            "contact_id": "varchar",
        },
        "customers": {
            "platform": "varchar",
            "account_id": "varchar",
            "customer_id": "varchar",
            "email_sha256": "varchar",
            "created_at": "timestamp",
        },
        "subscriptions": {
            "platform": "varchar",
            "account_id": "varchar",
            "subscription_id": "varchar",
            "customer_id": "varchar",
            "started_at": "timestamp",
            "ended_at": "timestamp",
        },
        "recurring_lines": {
            "platform": "varchar",
            "account_id": "varchar",
            "line_id": "varchar",
            "customer_id": "varchar",
            "subscription_id": "varchar",
            "period_start_at": "timestamp",
            "period_end_at": "timestamp",
            "currency_code": "varchar",
            "amount_native": "decimal(18, 4)",
            "load_id": "varchar",
        },
        "email_clicks": {
            "platform": "varchar",
            "account_id": "varchar",
            "click_id": "varchar",
            "email_sha256": "varchar",
            "clicked_at": "timestamp",
            "utm_content": "varchar",
            "is_robot": "boolean",
            "load_id": "varchar",
        },
        "plays": {
            "platform": "varchar",
            "account_id": "varchar",
            "play_id": "varchar",
            "media_id": "varchar",
            "page_path": "varchar",
            "viewed_date": "date",
            "day_zone": "varchar",
            "views_definition": "varchar",
            "views_threshold_seconds": "double",
            "views_basis": "varchar",
            "watch_share": "double",
            "load_id": "varchar",
        },
        "medias": {
            "platform": "varchar",
            "account_id": "varchar",
            "media_id": "varchar",
            "name": "varchar",
            "named_text": "varchar",
            "duration_seconds": "double",
        },
        "survey_answers": {
            "platform": "varchar",
            "account_id": "varchar",
            "response_id": "varchar",
            "question_id": "varchar",
            "form_id": "varchar",
            "answered_at": "timestamp",
            "question_type": "varchar",
            "dimension": "varchar",
            "score": "double",
            "scale_max": "double",
            "is_yes": "boolean",
            "cell": "varchar",
            "email_sha256": "varchar",
            "load_id": "varchar",
        },
        "survey_questions": {
            "platform": "varchar",
            "account_id": "varchar",
            "form_id": "varchar",
            "question_id": "varchar",
            "steps": "bigint",
            "starts_at_one": "boolean",
        },
        "reviews": {
            "platform": "varchar",
            "account_id": "varchar",
            "review_id": "varchar",
            "reviewed_at": "timestamp",
            "stars": "double",
            "is_verified": "boolean",
            "load_id": "varchar",
        },
        "crm_stages": {
            "platform": "varchar",
            "account_id": "varchar",
            "pipeline_id": "varchar",
            "stage_id": "varchar",
            "stage_name": "varchar",
        },
        "landing_pages": {
            "platform": "varchar",
            "account_id": "varchar",
            "page_path": "varchar",
            "performance_date": "date",
            "day_zone": "varchar",
            "traffic_source": "varchar",
            "traffic_medium": "varchar",
            "tag": "varchar",
            "sessions": "bigint",
            "engaged_sessions": "bigint",
            "key_events": "double",
            "is_sampled": "boolean",
            "is_thresholded": "boolean",
            "is_truncated": "boolean",
            "load_id": "varchar",
        },
        "region_performance": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
            "object_level": "varchar",
            "region": "varchar",
            "performance_date": "date",
            "currency_code": "varchar",
            "spend_native": "decimal(18, 4)",
            "impressions": "bigint",
            "starts": "bigint",
            "plays_3s": "bigint",
            "link_clicks": "bigint",
            "load_id": "varchar",
        },
    }[vocabulary]) }}
{%- endmacro %}

{# The day zone of every ad account that tells it. #}
{% macro ad_account_zones() -%}
    {%- for source in family("ad_accounts") %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ source }}' as platform,
        account_id,
        day_zone
    from {{ ref('stg_' ~ source ~ '__accounts') }}
    {%- endfor %}
{%- endmacro %}

{# All platforms of a family in one vocabulary: stg_<source>__<model> of each, whose
   column `object_id` becomes `platform_object_id`. #}
{% macro union_family(name, model, vocabulary, object_id) -%}
    {%- set columns = conformed(vocabulary) -%}
    select
        {%- for column, kind in columns.items() %}
        cast({{ column }} as {{ kind }}) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from (
        select
            {%- for column, kind in columns.items() %}
            cast(null as {{ kind }}) as {{ column }}{{ "," if not loop.last }}
            {%- endfor %}
        where false
        {%- for source in family(name) %}
        union all by name
        select
            '{{ source }}' as platform,
            {{ object_id }} as platform_object_id,
            * exclude ({{ object_id }})
        from {{ ref('stg_' ~ source ~ '__' ~ model) }}
        {%- endfor %}
    ) as every_platform
{%- endmacro %}

{# All platforms of a family in one vocabulary: stg_<source>__<model> of each. A platform's
   place in the list is its `precedence`: where two tell of the same, the first is believed. #}
{% macro union_rows(name, model, vocabulary) -%}
    {%- set columns = conformed(vocabulary) -%}
    select
        cast(precedence as integer) as precedence,
        {%- for column, kind in columns.items() %}
        cast({{ column }} as {{ kind }}) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from (
        select
            cast(null as integer) as precedence,
            {%- for column, kind in columns.items() %}
            cast(null as {{ kind }}) as {{ column }}{{ "," if not loop.last }}
            {%- endfor %}
        where false
        {%- for source in family(name) %}
        union all by name
        select
            {{ loop.index }} as precedence,
            '{{ source }}' as platform,
            *
        from {{ ref('stg_' ~ source ~ '__' ~ model) }}
        {%- endfor %}
    ) as every_platform
{%- endmacro %}
