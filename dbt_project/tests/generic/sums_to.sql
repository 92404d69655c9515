{# The column's total equals the total of another model's column: no row lost, none doubled. #}
{% test sums_to(model, column, of, of_column, where='true', of_where='true', tolerance=0.0001) %}
with

here as (

    select coalesce(cast(sum({{ column }}) as double), 0) as total
    from {{ model }}
    where {{ where }}

),

there as (

    select coalesce(cast(sum({{ of_column }}) as double), 0) as total
    from {{ of }}
    where {{ of_where }}

)

select
    here.total as total_here,
    there.total as total_there
from here
cross join there
where abs(here.total - there.total) > {{ tolerance }} * greatest(1, abs(there.total))
{% endtest %}
