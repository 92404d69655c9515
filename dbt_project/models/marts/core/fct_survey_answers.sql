-- One row per answer: to the NPS question, or in a study with an exposed and a control cell.
-- A customer is exposed who watched a video properly before answering.
with

answers as (

    {{ union_rows('surveys', 'answers', 'survey_answers') }}

),

questions as (

    {{ union_rows('surveys', 'questions', 'survey_questions') }}

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

told as (

    select
        answers.*,
        case
            when answers.cell in ('exposed', 'control') and answers.is_yes is not null then 'lift'
            when answers.score is null then 'other'
            when answers.question_type = 'nps' then 'nps'
            when
                answers.question_type = 'opinion_scale'
                and questions.steps = 11 and not questions.starts_at_one then 'nps'
            when answers.question_type = 'score' and answers.scale_max = 10 then 'nps'
            else 'other'
        end as kind
    from answers
    left join questions
        on
            answers.platform = questions.platform
            and answers.account_id = questions.account_id
            and answers.form_id = questions.form_id
            and answers.question_id = questions.question_id

)

select
    told.platform,
    told.account_id,
    told.response_id,
    told.question_id,
    told.kind,
    told.dimension,
    told.cell,
    cast(told.answered_at as date) as kpi_date,
    contacts.person_key,
    told.score,
    case when told.kind = 'nps' then case when told.score >= 9 then 1 else 0 end end as is_promoter,
    case when told.kind = 'nps' then case when told.score <= 6 then 1 else 0 end end as is_detractor,
    case when told.kind = 'lift' then cast(told.is_yes as integer) end as is_yes,
    coalesce(first_views.first_viewed_at < told.answered_at, false) as is_exposed,
    told.load_id
from told
left join contacts
    on told.email_sha256 = contacts.email_sha256
left join first_views
    on contacts.person_key = first_views.person_key
