-- One row per opportunity and won deal with the lead it began with: the first of its account's
-- people to become one before. A deal of people who became no lead in the period has none.
select
    conversions.conversion_type,
    conversions.conversion_id,
    cast(conversions.converted_at as date) as converted_date,
    cast(coalesce(conversions.value_usd, 0) as double) as value_usd,
    arg_min(leads.conversion_id, (leads.converted_at, leads.conversion_id)) as lead_id
from intermediate.int_journey__conversions as conversions
left join intermediate.int_journey__account_persons as members
    on conversions.account_key = members.account_key
left join nightly_leads as leads
    on
        members.person_key = leads.person_key
        and conversions.converted_at >= leads.converted_at
where conversions.conversion_type <> 'lead'
group by
    conversions.conversion_type,
    conversions.conversion_id,
    cast(conversions.converted_at as date),
    cast(coalesce(conversions.value_usd, 0) as double)
order by conversions.conversion_type, conversions.conversion_id
