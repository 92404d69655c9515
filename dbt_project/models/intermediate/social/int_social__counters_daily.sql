-- One row per platform, account, video and day of reading its lifetime counters. A measure is
-- the signed difference to the last reading that told it, so days sum to the newest reading
-- minus the first. The first reading is a base, no day's views, unless the account was read
-- before the video was published: such a video began at zero.
with

readings as (

    {{ union_family('counters', 'video_counters', 'counters', 'platform_video_id') }}

),

first_of_account as (

    select
        platform,
        account_id,
        min(snapshot_date) as first_date
    from readings
    group by platform, account_id

),

first_of_video as (

    select
        *,
        row_number() over (
            partition by platform, account_id, platform_object_id
            order by snapshot_date
        ) as turn
    from readings

),

begun as (

    select
        readings.*,
        false as is_beginning
    from readings
    union all by name
    select
        first_of_video.* exclude (turn)
        replace (
            published_date - 1 as snapshot_date,
            {{ counted_at_zero() }}
        ),
        true as is_beginning
    from first_of_video
    inner join first_of_account
        on
            first_of_video.platform = first_of_account.platform
            and first_of_video.account_id = first_of_account.account_id
    where
        first_of_video.turn = 1
        and first_of_video.published_date > first_of_account.first_date
        and first_of_video.published_date <= first_of_video.snapshot_date

),

differenced as (

    select
        * replace ({{ counted_gains('readings_of_video') }}),
        views as lifetime_views,
        cast({{ days_between('lag(snapshot_date) over readings_of_video', 'snapshot_date') }} as bigint)
            as gap_days
    from begun
    window readings_of_video as (
        partition by platform, account_id, platform_object_id
        order by snapshot_date
    )

)

select
    * exclude (is_beginning),
    {{ counted_fell() }} as is_correction
from differenced
where not is_beginning
