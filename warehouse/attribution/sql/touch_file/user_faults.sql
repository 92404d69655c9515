-- The first person that cannot be counted.
with

read_users as (

    select
        row_number,
        nullif(trim(user_id), '') as user_id,
        count(*) over (partition by trim(user_id)) as copies,
        weight as weight_as_written,
        try_cast(nullif(trim(weight), '') as double) as weight
    from lines_users

)

select
    row_number,
    case
        when user_id is null then 'user_id is empty: every row is a person'
        when copies > 1 then concat('user ', user_id, ' is listed twice: keep one row of each')
        else concat(
            'weight is ', weight_as_written,
            ': write 1 / share kept of people like this one, 1 or more'
        )
    end as fault
from read_users
where
    user_id is null
    or copies > 1
    or (nullif(trim(weight_as_written), '') is not null and weight is null)
    or not isfinite(weight)
    or weight <= 0
order by row_number
limit 1
