-- One row per channel, video, region and day: impressions bought there, whatever the platform.
-- Where a platform tells places of ad groups or campaigns only, an ad's part of its group that
-- day is its part everywhere. Sums are of decimals: the same bits in any order of rows.
with

by_region as (

    select * from {{ ref('int_paid__region_performance_daily') }}
    where region is not null

),

groups as (

    select
        platform,
        account_id,
        platform_object_id,
        performance_date,
        impressions,
        unnest([
            struct_pack(level := 'ad_group', id := ad_group_id),
            struct_pack(level := 'campaign', id := campaign_id)
        ]) as belongs_to
    from {{ ref('int_paid__video_performance_daily') }}
    where impressions > 0

),

ads as (

    select
        groups.platform,
        groups.account_id,
        groups.platform_object_id,
        groups.performance_date,
        groups.belongs_to,
        groups.impressions / cast(sum(groups.impressions) over (
            partition by
                groups.platform,
                groups.account_id,
                groups.belongs_to,
                groups.performance_date
        ) as double) as share_of_group
    from groups
    where groups.belongs_to.id is not null

),

by_ad as (

    select
        platform,
        account_id,
        platform_object_id,
        region,
        performance_date,
        cast(impressions as double) as impressions
    from by_region
    where object_level = 'ad'
    union all
    select
        by_region.platform,
        by_region.account_id,
        ads.platform_object_id,
        by_region.region,
        by_region.performance_date,
        by_region.impressions * coalesce(ads.share_of_group, 1) as impressions
    from by_region
    left join ads
        on
            by_region.platform = ads.platform
            and by_region.account_id = ads.account_id
            and by_region.object_level = ads.belongs_to.level
            and by_region.platform_object_id = ads.belongs_to.id
            and by_region.performance_date = ads.performance_date
    where by_region.object_level <> 'ad'

)

select
    coalesce(placements.channel_name, 'unmatched') as channel,
    coalesce(placements.video_key, 'unmatched') as video_key,
    by_ad.region,
    by_ad.performance_date,
    cast(sum(cast(by_ad.impressions as decimal(38, 9))) as double) as impressions
from by_ad
left join {{ ref('int_assets__placements') }} as placements
    on
        by_ad.platform = placements.platform
        and by_ad.account_id = placements.account_id
        and by_ad.platform_object_id = placements.platform_object_id
where by_ad.impressions > 0
group by 1, 2, 3, 4
