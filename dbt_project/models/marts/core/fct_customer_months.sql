-- One row per customer, currency and whole month at whose start it paid: what was left of it
-- at the end (the growth of others is no retention). Both ends in USD at the rate of the start:
-- a fallen pound is no contraction. Exposed: watched a video properly before the month.
with

recurring as (

    select * from {{ ref('int_journey__recurring_revenue') }}

),

customers as (

    {{ union_rows('billing', 'customers', 'customers') }}

),

contacts as (

    {{ persons_by_email() }}

),

first_views as (

    select
        person_key,
        min(viewed_at) as first_viewed_at
    from {{ ref('int_journey__site_views') }}
    where is_qualified
    group by person_key

),

clock as (

    select * from {{ source('meta', 'clock') }}

),

persons as (

    select
        customers.platform,
        customers.account_id,
        customers.customer_id,
        coalesce(
            contacts.person_key,
            {{ key(["'person'", 'coalesce(customers.email_sha256, customers.customer_id)']) }}
        ) as person_key
    from customers
    left join contacts
        on customers.email_sha256 = contacts.email_sha256

)

select
    starts.platform,
    starts.account_id,
    starts.customer_id,
    starts.currency_code,
    starts.month_start_date,
    cast(starts.month_start_date + interval 1 month - interval 1 day as date) as kpi_date,
    persons.person_key,
    starts.recurring_native as start_native,
    coalesce(ends.recurring_native, 0) as end_native,
    starts.recurring_usd as start_usd,
    cast(
        cast(coalesce(ends.recurring_native, 0) as double)
        * starts.recurring_usd / starts.recurring_native
        as decimal(18, 4)
    ) as end_usd,
    case when ends.customer_id is null then 1 else 0 end as has_left,
    coalesce(first_views.first_viewed_at < starts.month_start_date, false) as is_exposed,
    starts.load_id
from recurring as starts
cross join clock
left join recurring as ends
    on
        starts.platform = ends.platform
        and starts.account_id = ends.account_id
        and starts.customer_id = ends.customer_id
        and starts.currency_code = ends.currency_code
        and ends.month_start_date = starts.month_start_date + interval 1 month
left join persons
    on
        starts.platform = persons.platform
        and starts.account_id = persons.account_id
        and starts.customer_id = persons.customer_id
left join first_views
    on persons.person_key = first_views.person_key
where
    starts.recurring_native > 0
    and starts.month_start_date + interval 1 month <= clock.as_of + 1
