-- One row per person of any file, numbered in the order of their ids.
create or replace temp table told_users as
with

everybody as (

    select user_id from read_touches
    union
    select user_id from read_conversions
    union
    select trim(user_id) as user_id from lines_users

)

select
    everybody.user_id,
    cast(row_number() over (order by everybody.user_id) - 1 as integer) as person,
    coalesce(try_cast(nullif(trim(lines_users.weight), '') as double), 1.0) as weight,
    coalesce(trim(lines_users.region), '') as region,
    lines_users.row_number
from everybody
left join lines_users on everybody.user_id = trim(lines_users.user_id)
