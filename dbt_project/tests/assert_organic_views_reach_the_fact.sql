-- Every unpaid platform's views, watch time and likes reach the fact: none lost, none doubled.
with

told as (

    select
        platform,
        sum(views) as views,
        sum(watch_seconds) as watch_seconds,
        sum(likes) as likes
    from {{ ref('int_social__video_performance_daily') }}
    group by platform

),

kept as (

    select
        platform,
        sum(views) as views,
        sum(watch_seconds) as watch_seconds,
        sum(likes) as likes
    from {{ ref('fct_video_performance_daily') }}
    group by platform

)

select
    told.platform,
    told.views,
    kept.views as views_kept
from told
left join kept
    on told.platform = kept.platform
where
    told.views is distinct from kept.views
    or abs(told.watch_seconds - kept.watch_seconds) > 0.0001 * greatest(1, told.watch_seconds)
    or told.likes is distinct from kept.likes
