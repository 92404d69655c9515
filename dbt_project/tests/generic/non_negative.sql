{% test non_negative(model, columns) %}
select *
from {{ model }}
where
    {%- for column in columns %}
    {% if not loop.first %}or {% endif %}{{ column }} < 0
    {%- endfor %}
{% endtest %}
