-- One row per lead of the attribution period, with where the person lives as the CRM says.
select
    conversions.conversion_id,
    conversions.person_key,
    conversions.converted_at,
    cast(conversions.converted_at as date) as converted_date,
    leads.region
from intermediate.int_journey__conversions as conversions
left join intermediate.int_journey__leads as leads
    on conversions.person_key = leads.person_key
where conversions.conversion_type = 'lead'
