-- One row per account and invoice line of a subscription that was or is to be paid, in the
-- major unit of its currency.
with

invoice_lines as (

    select * from {{ source('stripe', 'invoice_lines') }}

),

renamed as (

    select
        account_id,
        id as line_id,
        customer as customer_id,
        subscription as subscription_id,
        {{ utc('period_start') }} as period_start_at,
        {{ utc('period_end') }} as period_end_at,
        upper(currency) as currency_code,
        coalesce(amount_major, {{ from_minor_units('amount', 'currency') }}) as amount_native,
        _dlt_load_id as load_id
    from invoice_lines
    where
        subscription is not null
        and lower(status) in ('paid', 'open')
        and period_end > period_start

)

select * from renamed
