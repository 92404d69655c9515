-- One row per click in a marketing e-mail, clicks of scanners flagged.
with

email_clicks as (

    select * from {{ source('hubspot', 'email_clicks') }}

),

renamed as (

    select
        account_id,
        id as click_id,
        email_sha256,
        {{ utc('created') }} as clicked_at,
        email_campaign_id as campaign_id,
        {{ url_parameter('url', 'utm_content') }} as utm_content,
        coalesce(filtered_event, false) or {{ is_robot('user_agent') }} as is_robot,
        _dlt_load_id as load_id
    from email_clicks

)

select * from renamed
