with aged as (
    select *,
        case
            when age_sessions = 0 then 'new' when age_sessions <= 3 then '1-3' when age_sessions <= 10 then '4-10'
            else 'over 10'
        end as age_bucket
    from {{ source('book', 'reconciliation_breaks') }}
)
select business_date, severity, break_class, age_bucket, count(*) as break_count,
    cast(coalesce(sum(materiality_base), 0) as decimal(24, 2)) as materiality_base
from aged
group by business_date, severity, break_class, age_bucket
