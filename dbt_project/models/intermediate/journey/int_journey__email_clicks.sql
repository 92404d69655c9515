-- One row per hashed e-mail address and day on which it clicked in a mailing: the first click,
-- with the person behind it. Scanners that follow every link are left out.
with

contacts as (

    {{ persons_by_email() }}

),

email_clicks as (

    {{ union_rows('email', 'email_clicks', 'email_clicks') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by email_sha256, cast(clicked_at as date)
            order by clicked_at, click_id
        ) as click_number
    from email_clicks
    where not is_robot and email_sha256 is not null

)

select
    numbered.platform,
    numbered.account_id,
    numbered.click_id,
    coalesce(contacts.person_key, {{ key(["'person'", 'numbered.email_sha256']) }})
        as person_key,
    numbered.clicked_at,
    numbered.utm_content,
    numbered.load_id
from numbered
left join contacts
    on numbered.email_sha256 = contacts.email_sha256
where numbered.click_number = 1
