-- Weights of every dimension sum to one on every day.
select business_date, scope, dimension, sum(weight) as weight
from {{ ref('exposures_history') }}
group by business_date, scope, dimension
having abs(sum(weight) - 1) > 1e-9
