-- One row per video: what it cost to make, to adapt and to show, in USD. Costs whose currency
-- has no rate are counted apart, never as zero.
with

costs as (

    select
        video_id,
        variant_id,
        cost_date,
        category,
        amount_native,
        currency_code
    from {{ ref('stg_catalogue__production_costs') }}
    union all
    select
        video_id,
        variant_id,
        created_date as cost_date,
        'adaptation' as category,
        adaptation_cost_native as amount_native,
        currency_code
    from {{ ref('stg_catalogue__variants') }}
    where adaptation_cost_native is not null

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

),

converted as (

    select
        {{ key(["'video'", 'costs.video_id']) }} as video_key,
        costs.category = 'adaptation' or costs.variant_id is not null as is_adaptation,
        cast(costs.amount_native * rates.rate_to_usd as decimal(18, 4)) as amount_usd,
        rates.rate_to_usd is null as is_unconverted
    from costs
    left join rates
        on
            coalesce(costs.currency_code, 'USD') = rates.currency_code
            and costs.cost_date >= rates.valid_from
            and costs.cost_date < rates.valid_to

),

made as (

    select
        video_key,
        sum(case when not is_adaptation then amount_usd end) as production_cost_usd,
        sum(case when is_adaptation then amount_usd end) as adaptation_cost_usd,
        count(*) filter (where is_unconverted) as unconverted_costs
    from converted
    group by video_key

),

media as (

    select
        video_key,
        sum(spend_usd) as media_spend_usd
    from {{ ref('fct_video_performance_daily') }}
    group by video_key

),

videos as (

    select * from {{ ref('dim_videos') }}

)

select
    videos.video_key,
    cast(made.production_cost_usd as decimal(18, 4)) as production_cost_usd,
    cast(made.adaptation_cost_usd as decimal(18, 4)) as adaptation_cost_usd,
    cast(media.media_spend_usd as decimal(18, 4)) as media_spend_usd,
    cast(
        coalesce(made.production_cost_usd, 0)
        + coalesce(made.adaptation_cost_usd, 0)
        + coalesce(media.media_spend_usd, 0) as decimal(18, 4)
    ) as total_cost_usd,
    coalesce(made.unconverted_costs, 0) as unconverted_costs
from videos
left join made
    on videos.video_key = made.video_key
left join media
    on videos.video_key = media.video_key
