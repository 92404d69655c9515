-- One row per video and hundredth of its length, over the last 90 days. Replays lift the
-- share above 1: it is kept as told.
with

audience_retention as (

    select * from {{ source('youtube', 'audience_retention') }}

),

renamed as (

    select
        account_id,
        video_id as platform_video_id,
        elapsed_video_time_ratio as elapsed_share,
        audience_watch_ratio as watching_share,
        relative_retention_performance as relative_performance_rate,
        window_start as period_start_date,
        window_end as period_end_date,
        _dlt_load_id as load_id
    from audience_retention

)

select * from renamed
