-- Breaks by age count every break that was opened on a day and is open at its end.
select days.business_date, days.breaks_opened, coalesce(aged.break_count, 0) as break_count
from {{ ref('operating_days') }} as days
left join (
    select business_date, sum(break_count) as break_count from {{ ref('break_ageing') }} where age_bucket = 'new'
    group by business_date
) as aged using (business_date)
where days.breaks_opened > coalesce(aged.break_count, 0)
