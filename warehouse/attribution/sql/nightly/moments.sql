-- One row per visit that is compared: the one a lead came about in, of the browser the person
-- used, and a sample of all visits by people who were no leads yet. A lead without a visit in
-- the hour before has no row: nobody saw how it came about. A tab opened again repeats its
-- tag, and is no click but a return. The sample is drawn by the visit's own id, so that a night
-- changes only what is new.
with

visits as (

    select
        visits.visit_id,
        case
            when
                coalesce(visits.click_id, visits.utm_content, visits.utm_campaign) is not null
                and row_number() over (
                    partition by
                        persons.visitor_key,
                        visits.channel,
                        visits.click_id,
                        visits.utm_campaign,
                        visits.utm_content
                    order by visits.visited_at, visits.visit_id
                ) > 1
                then 'direct'
            else visits.channel
        end as channel,
        visits.visited_at,
        persons.visitor_key,
        persons.person_key,
        min(visits.visited_at) over (partition by persons.visitor_key) as first_at
    from intermediate.int_journey__visits as visits
    inner join intermediate.int_journey__persons as persons
        on
            visits.account_id = persons.account_id
            and visits.anonymous_id = persons.anonymous_id

),

leads as (

    select * from nightly_leads

),

ended_in_a_lead as (

    select
        leads.conversion_id,
        arg_max(visits.visit_id, (visits.visited_at, visits.visit_id)) as visit_id
    from leads
    inner join visits
        on
            leads.person_key = visits.person_key
            and leads.converted_at >= visits.visited_at
            and visits.visited_at >= leads.converted_at - interval '1 hour'
    group by leads.conversion_id

),

others as (

    select visits.*
    from visits
    left join intermediate.int_journey__leads as known
        on visits.person_key = known.person_key
    left join ended_in_a_lead as ended
        on visits.visit_id = ended.visit_id
    where
        ended.visit_id is null
        and visits.visited_at >= (select min(leads.converted_at) from leads)
        and (known.lead_at is null or known.lead_at > visits.visited_at)

),

kept as (

    select
        *,
        count(*) over () as counted,
        row_number() over (order by md5(visit_id)) as place
    from others

)

select
    leads.conversion_id,
    visits.visitor_key,
    visits.channel,
    leads.converted_at as happened_at,
    visits.first_at,
    cast(1 as double) as weight
from ended_in_a_lead as ended
inner join leads on ended.conversion_id = leads.conversion_id
inner join visits on ended.visit_id = visits.visit_id
union all
select
    cast(null as varchar) as conversion_id,
    visitor_key,
    channel,
    visited_at as happened_at,
    first_at,
    cast(counted as double) / least(counted, $most) as weight
from kept
where $most >= place
