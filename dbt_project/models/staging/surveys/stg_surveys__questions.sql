-- One row per account, form and question.
with

questions as (

    select * from {{ source('surveys', 'questions') }}

),

renamed as (

    select
        account_id,
        form_id,
        id as question_id,
        ref as question_ref,
        type as question_type,
        title,
        steps,
        coalesce(starts_at_one, false) as starts_at_one,
        _dlt_load_id as load_id
    from questions

)

select * from renamed
