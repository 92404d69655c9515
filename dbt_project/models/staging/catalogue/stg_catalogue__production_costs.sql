-- One row per line of the file: a video may have many invoices. Native money.
with

production_costs as (

    select * from {{ source('catalogue', 'production_costs') }}

),

renamed as (

    select
        row_number as line_number,
        video_id,
        variant_id,
        cost_date,
        category,
        amount as amount_native,
        currency_code,
        note,
        _dlt_load_id as load_id
    from production_costs

)

select * from renamed
