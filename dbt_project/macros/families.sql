{# Which sources feed a family: adding a source is one word here. #}
{% macro family(name) -%}
    {{ return({
        "social": ["youtube"],
        "paid": ["meta_ads"],
        "seo": ["search_console"],
        "reported_totals": ["youtube", "meta_ads", "search_console"],
        "video_objects": ["youtube", "meta_ads"],
        "ad_accounts": ["meta_ads"],
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
            "performance_date": "date",
            "day_zone": "varchar",
            "campaign_id": "varchar",
            "campaign_name": "varchar",
            "currency_code": "varchar",
            "spend_native": "decimal(18, 4)",
            "impressions": "bigint",
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
            "claimed_conversions_7d_click": "double",
            "claimed_conversions_1d_view": "double",
            "load_id": "varchar",
        },
        "objects": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
            "platform_video_id": "varchar",
            "title": "varchar",
            "duration_seconds": "double",
            "published_date": "date",
            "url_tags": "varchar",
        },
        "region_performance": {
            "platform": "varchar",
            "account_id": "varchar",
            "platform_object_id": "varchar",
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
