{# The channel of a visit, from its tag, click id and referrer. One list for all sources. #}
{% macro channel_of(source, medium, referrer_host, click_id) -%}
    case
        when lower({{ medium }}) = 'email' then 'email'
        when lower({{ source }}) = 'youtube' and lower({{ medium }}) in ('cpc', 'cpv', 'paid', 'paid_video')
            then 'youtube_ads'
        when lower({{ source }}) = 'google' and lower({{ medium }}) in ('cpv', 'paid_video')
            then 'youtube_ads'  -- bought with Google Ads, and tagged so
        when lower({{ source }}) = 'youtube' then 'youtube_organic'
        when lower({{ medium }}) = 'retargeting' then 'retargeting'
        when lower({{ source }}) in ('facebook', 'instagram', 'meta')
            and lower({{ medium }}) in ('cpc', 'paid', 'paid_social', 'paid_video') then 'meta'
        when lower({{ source }}) = 'linkedin' and lower({{ medium }}) in ('cpc', 'paid', 'paid_social', 'paid_video')
            then 'linkedin_ads'
        when lower({{ source }}) = 'tiktok' and lower({{ medium }}) in ('cpc', 'paid', 'paid_social', 'paid_video')
            then 'tiktok_ads'
        when lower({{ medium }}) in ('social', 'organic_social') then 'social_organic'
        when lower({{ source }}) in ('google', 'bing') and lower({{ medium }}) in ('cpc', 'ppc', 'paid_search')
            then 'paid_search'
        when lower({{ medium }}) = 'organic' then 'organic_search'
        when {{ source }} is null and regexp_matches(coalesce({{ referrer_host }}, ''), '(google|bing|duckduckgo|yahoo|ecosia)\.')
            then 'organic_search'
        when {{ source }} is null and {{ referrer_host }} is not null then 'referral'
        when {{ source }} is not null then 'referral'
        else 'direct'
    end
{%- endmacro %}
