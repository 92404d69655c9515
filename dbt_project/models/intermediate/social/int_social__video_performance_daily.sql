-- One row per platform, account, video and day of organic video, in the platform's day zone.
with

performance as (

    {{ union_family('social', 'video_performance_daily', 'performance', 'platform_video_id') }}

)

select * from performance
