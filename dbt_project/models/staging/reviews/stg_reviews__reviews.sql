-- One row per account and review, its stars on a scale of five.
with

reviews as (

    select * from {{ source('reviews', 'reviews') }}

),

renamed as (

    select
        account_id,
        id as review_id,
        {{ utc('created_at') }} as reviewed_at,
        5.0 * stars / coalesce(scale_max, 5) as stars,
        coalesce(is_verified, true) as is_verified,
        _dlt_load_id as load_id
    from reviews

)

select * from renamed
