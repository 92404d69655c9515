-- One row per account and subscription, ended ones too.
with

subscriptions as (

    select * from {{ source('stripe', 'subscriptions') }}

),

renamed as (

    select
        account_id,
        id as subscription_id,
        customer as customer_id,
        status,
        {{ utc('start_date') }} as started_at,
        {{ utc('canceled_at') }} as canceled_at,
        {{ utc('ended_at') }} as ended_at,
        cancellation_reason,
        _dlt_load_id as load_id
    from subscriptions

)

select * from renamed
