{# Days that are made anew leave an incremental model before their rows come: also those that have no row any more. #}
{% macro forget_remade_days() -%}
    {% if is_incremental() %}delete from {{ this }} where business_date in (select business_date from builds.days){% endif %}
{%- endmacro %}
