{# A model's schema is exactly the one that it names, so that its asset key, its table and its dbt name are the same. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
