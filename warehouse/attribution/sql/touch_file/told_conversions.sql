-- One row per conversion; its number is its path's.
create or replace temp table told_conversions as
select
    cast(conversions.row_number as integer) as conversion_number,
    conversions.conversion_id,
    users.person,
    conversions.converted_at,
    conversions.value
from read_conversions as conversions
inner join told_users as users on conversions.user_id = users.user_id
