-- Every level of allocation sums to the same value on every day, to the cent.
select business_date, min(level_base) as least_base, max(level_base) as most_base
from (
    select business_date, allocation_level, sum(market_value_base) as level_base
    from {{ ref('allocation_levels') }}
    group by business_date, allocation_level
) as levels
group by business_date
having min(level_base) <> max(level_base)
