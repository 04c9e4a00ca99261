-- Weights over net asset value sum to one on every day.
select business_date, scope, sum(weight) as weight
from {{ ref('allocation_history') }}
group by business_date, scope
having abs(sum(weight) - 1) > 1e-9
