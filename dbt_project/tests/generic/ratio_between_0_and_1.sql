{% test ratio_between_0_and_1(model, columns) %}
select *
from {{ model }}
where
    {%- for column in columns %}
    {% if not loop.first %}or {% endif %}{{ column }} not between 0 and 1
    {%- endfor %}
{% endtest %}
