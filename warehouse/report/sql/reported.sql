-- One row per report, breakdown value and metric: the last period of each report, its
-- eight largest values by its first metric, at most six metrics. Nothing is added: the
-- values of one report may overlap.
with

ordered as (

    select
        *,
        coalesce(breakdown, '') as by_what,
        coalesce(
            list_position(
                ['spend', 'impressions', 'views', 'clicks', 'link_clicks', 'plays_3s'],
                metric
            ),
            9
        ) as preference
    from published.reported_totals

),

counted as (

    select
        source,
        account_id,
        report,
        by_what,
        count(distinct period_end_date) as periods,
        max(period_end_date) as last_end
    from ordered
    group by source, account_id, report, by_what

),

latest as (

    select
        ordered.*,
        counted.periods,
        dense_rank() over (
            partition by source, account_id, report, by_what
            order by preference, metric
        ) as metric_rank
    from ordered
    inner join counted using (source, account_id, report, by_what)
    where ordered.period_end_date is not distinct from counted.last_end

),

valued as (

    select
        source,
        account_id,
        report,
        by_what,
        breakdown_value,
        max(amount) filter (where metric_rank = 1) as main_amount
    from latest
    group by source, account_id, report, by_what, breakdown_value

),

ranked as (

    select
        source,
        account_id,
        report,
        by_what,
        breakdown_value,
        row_number() over (
            partition by source, account_id, report, by_what
            order by main_amount desc nulls last, breakdown_value
        ) as rank,
        count(*) over (partition by source, account_id, report, by_what) as rows
    from valued

)

select
    latest.source,
    latest.account_id,
    latest.report,
    latest.period_start_date as start,
    latest.period_end_date as end,
    latest.by_what as breakdown,
    coalesce(latest.breakdown_value, '') as breakdown_value,
    coalesce(latest.metric, '') as metric,
    cast(latest.amount as double) as amount,
    latest.unit,
    latest.periods,
    ranked.rows
from latest
inner join ranked
    on latest.source = ranked.source
    and latest.account_id is not distinct from ranked.account_id
    and latest.report is not distinct from ranked.report
    and latest.by_what = ranked.by_what
    and latest.breakdown_value is not distinct from ranked.breakdown_value
where ranked.rank <= 8
    and latest.metric_rank <= 6
order by
    latest.source,
    latest.account_id,
    latest.report,
    latest.by_what,
    ranked.rank,
    latest.metric_rank,
    latest.amount desc
limit 2000
