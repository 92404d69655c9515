-- One row per method, conversion and touch; a conversion without a touch has one row of
-- its own, `unattributed`, which is never spread. Reads `rule_shares` (one column per rule)
-- through `touch_credits` (method and share as rows).
with

conversions as (

    select
        conversion_id,
        conversion_type,
        cast(converted_at as date) as converted_date,
        cast(coalesce(value_usd, 0) as double) as value_usd,
        is_touched
    from attribution_conversions

),

untouched as (

    select
        rule_methods.method,
        conversions.conversion_id
    from conversions
    cross join rule_methods
    where not conversions.is_touched

),

credited as (

    select
        method,
        path_id as conversion_id,
        touch_id,
        position,
        channel,
        video_key,
        variant_key,
        placement_key,
        share
    from touch_credits

    union all

    select
        method,
        conversion_id,
        null as touch_id,
        0 as position,
        'unattributed' as channel,
        null as video_key,
        null as variant_key,
        null as placement_key,
        1.0 as share
    from untouched

)

select
    cast(credited.method as varchar) as method,
    conversions.conversion_type,
    credited.conversion_id,
    cast(credited.touch_id as varchar) as touch_id,
    cast(credited.channel as varchar) as channel,
    cast(credited.video_key as varchar) as video_key,
    cast(credited.variant_key as varchar) as variant_key,
    cast(credited.placement_key as varchar) as placement_key,
    conversions.converted_date,
    cast(credited.share as double) as credit,
    cast(credited.share * conversions.value_usd as double) as value_usd
from credited
inner join conversions on credited.conversion_id = conversions.conversion_id
order by
    credited.method,
    conversions.conversion_type,
    credited.conversion_id,
    credited.position
