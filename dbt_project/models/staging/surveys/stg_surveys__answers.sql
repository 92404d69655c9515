-- One row per account, response and question that was answered.
with

answers as (

    select * from {{ source('surveys', 'answers') }}

),

renamed as (

    select
        account_id,
        response_id,
        question_id,
        form_id,
        {{ utc('submitted_at') }} as answered_at,
        question_type,
        question_ref as dimension,
        number as score,
        scale_max,
        boolean as is_yes,
        lower(cell) as cell,
        email_sha256,
        subject_ref,
        _dlt_load_id as load_id
    from answers

)

select * from renamed
