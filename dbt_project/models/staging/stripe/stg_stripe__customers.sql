-- One row per account and customer.
with

customers as (

    select * from {{ source('stripe', 'customers') }}

),

renamed as (

    select
        account_id,
        id as customer_id,
        email_sha256,
        {{ utc('created') }} as created_at,
        _dlt_load_id as load_id
    from customers

)

select * from renamed
