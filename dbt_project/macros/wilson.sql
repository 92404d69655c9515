{# A bound of the 95 % score interval of k of n (Wilson 1927); `side` is - or +. #}
{% macro wilson(k, n, side) -%}
    case when {{ n }} > 0 and {{ k }} between 0 and {{ n }} then
        ({{ k }} / {{ n }} + 3.8416 / (2 * {{ n }}) {{ side }} 1.96 * sqrt(
            ({{ k }} / {{ n }} * (1 - {{ k }} / {{ n }}) + 3.8416 / (4 * {{ n }})) / {{ n }}
        )) / (1 + 3.8416 / {{ n }})
    end
{%- endmacro %}
