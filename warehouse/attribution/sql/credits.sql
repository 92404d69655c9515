-- One row per method, conversion and touch; a conversion without a touch has one row of
-- its own, `unattributed`, which is never spread. Weights are summed as decimals: the
-- order of rows cannot change a bit. Reads `rule_weights` (method, path_id, position,
-- weight: the files of rules/) and `rule_methods` (method).
with

conversions as (

    select
        conversion_id,
        conversion_type,
        cast(converted_at as date) as converted_date,
        cast(coalesce(value_usd, 0) as double) as value_usd
    from intermediate.int_journey__conversions

),

paths as (

    select *
    from intermediate.int_journey__paths
    where is_converted

),

weights as (

    select
        method,
        path_id,
        position,
        cast(weight as decimal(38, 18)) as weight
    from rule_weights

),

totals as (

    select
        method,
        path_id,
        sum(weight) as total_weight
    from weights
    group by method, path_id

),

touched as (

    select
        weights.method,
        weights.path_id,
        paths.touch_id,
        paths.position,
        paths.channel,
        paths.video_key,
        paths.variant_key,
        paths.placement_key,
        cast(weights.weight as double) / cast(totals.total_weight as double) as credit
    from weights
    inner join totals
        on
            weights.method = totals.method
            and weights.path_id = totals.path_id
    inner join paths
        on
            weights.path_id = paths.path_id
            and weights.position = paths.position

),

untouched as (

    select
        rule_methods.method,
        conversions.conversion_id
    from conversions
    left join paths on conversions.conversion_id = paths.path_id
    cross join rule_methods
    where paths.path_id is null

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
        credit
    from touched

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
        1.0 as credit
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
    cast(credited.credit as double) as credit,
    cast(credited.credit * conversions.value_usd as double) as value_usd
from credited
inner join conversions on credited.conversion_id = conversions.conversion_id
order by
    credited.method,
    conversions.conversion_type,
    credited.conversion_id,
    credited.position
