-- One row per review; unverified ones are kept and never mixed into a score.
with

reviews as (

    {{ union_rows('reviews', 'reviews', 'reviews') }}

)

select
    platform,
    account_id,
    review_id,
    cast(reviewed_at as date) as kpi_date,
    is_verified,
    stars,
    case when is_verified then stars end as verified_stars,
    case when is_verified then case when stars >= 4 then 1 else 0 end end as is_4_or_5,
    load_id
from reviews
