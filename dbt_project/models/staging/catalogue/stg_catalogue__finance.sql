-- One row per line of the finance file: what accounting booked in a month. Native money.
with

finance as (

    select * from {{ source('catalogue', 'finance') }}

),

renamed as (

    select
        row_number as line_number,
        deal_id,
        month as month_date,
        account as account_name,
        amount as amount_native,
        currency_code,
        _dlt_load_id as load_id
    from finance

)

select * from renamed
