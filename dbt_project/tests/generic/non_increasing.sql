{# Each column is at most the one before it, where both are known (quartiles, ladders). #}
{% test non_increasing(model, columns) %}
select *
from {{ model }}
where
    {%- for column in columns[1:] %}
    {% if not loop.first %}or {% endif %}{{ column }} > {{ columns[loop.index0] }}
    {%- endfor %}
{% endtest %}
