-- The first figure of the office's record counts every day that has an allocation.
select kpi_figure from {{ ref('operating_kpis') }}
where kpi = 'days_observed'
    and kpi_figure <> (select count(distinct business_date) from {{ ref('allocation_history') }})
