{# Small inputs that several models of the journey read, and nights compare whole. #}

{# One row per hashed e-mail address that is linked to more, with its person. #}
{% macro persons_by_email() -%}
    select
        identity_id as email_sha256,
        person_key
    from {{ ref('int_journey__identities') }}
    where identity_kind = 'address'
{%- endmacro %}

{# One row per address, and per login of a site, by which a visitor is known. #}
{% macro persons_by_name() -%}
    select
        identity_kind,
        account_id,
        identity_id,
        person_key
    from {{ ref('int_journey__identities') }}
    where identity_kind <> 'contact'
{%- endmacro %}

{# One row per tag in an address, with the placement it stands for. #}
{% macro placements_by_tag() -%}
    select
        tag,
        min(placement_key) as placement_key,
        min(video_key) as video_key,
        min(variant_key) as variant_key,
        min(channel_name) as channel
    from {{ ref('int_assets__placements') }}
    where tag is not null
    group by tag
{%- endmacro %}

{# One row per variant, page and channel of the site. #}
{% macro placements_by_page() -%}
    select
        variant_id,
        page_path,
        channel,
        min(placement_id) as placement_id
    from {{ ref('stg_catalogue__placements') }}
    where platform = 'site_events'
    group by variant_id, page_path, channel
{%- endmacro %}
