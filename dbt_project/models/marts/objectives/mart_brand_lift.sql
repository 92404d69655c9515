-- One row per study and dimension: share of yes of the exposed minus that of the control, with
-- the interval of a difference of two shares (Newcombe's, from two score intervals).
with

answers as (

    select * from {{ ref('fct_survey_answers') }}
    where kind = 'lift'

),

cells as (

    select
        platform,
        account_id,
        dimension,
        count(*) filter (where cell = 'exposed') as exposed_answers,
        count(*) filter (where cell = 'control') as control_answers,
        cast(sum(case when cell = 'exposed' then is_yes end) as double) as exposed_yes,
        cast(sum(case when cell = 'control' then is_yes end) as double) as control_yes,
        min(kpi_date) as first_date,
        max(kpi_date) as last_date
    from answers
    group by platform, account_id, dimension

),

bounded as (

    select
        *,
        {{ ratio('exposed_yes', 'exposed_answers') }} as exposed_share,
        {{ ratio('control_yes', 'control_answers') }} as control_share,
        {{ wilson('exposed_yes', 'exposed_answers', '-') }} as exposed_low,
        {{ wilson('exposed_yes', 'exposed_answers', '+') }} as exposed_high,
        {{ wilson('control_yes', 'control_answers', '-') }} as control_low,
        {{ wilson('control_yes', 'control_answers', '+') }} as control_high
    from cells

)

select
    platform,
    account_id,
    dimension,
    first_date,
    last_date,
    exposed_answers,
    control_answers,
    exposed_share,
    control_share,
    exposed_share - control_share as lift,
    exposed_share - control_share
    - sqrt(power(exposed_share - exposed_low, 2) + power(control_high - control_share, 2))
        as lift_low,
    exposed_share - control_share
    + sqrt(power(exposed_high - exposed_share, 2) + power(control_share - control_low, 2))
        as lift_high
from bounded
