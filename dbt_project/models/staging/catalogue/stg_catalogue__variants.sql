-- One row per cut or language of a video. What an adaptation cost stands here or in
-- production_costs, never in both (the load refuses it).
with

variants as (

    select * from {{ source('catalogue', 'variants') }}

),

renamed as (

    select
        variant_id,
        video_id,
        created_date,
        format,
        language,
        duration_seconds,
        adaptation_cost as adaptation_cost_native,
        new_asset_quote as new_asset_quote_native,
        currency_code,
        _dlt_load_id as load_id
    from variants

)

select * from renamed
