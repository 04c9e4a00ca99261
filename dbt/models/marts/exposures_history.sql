select business_date, scope, 'asset_class' as dimension, asset_class as bucket, market_value_base as exposure_base, weight
from {{ source('analytics', 'exposures_class') }}
union all
select business_date, scope, 'currency', currency, net_value_base, weight
from {{ source('analytics', 'exposures_currency') }}
union all
select business_date, scope, 'country', country, cast(value_base as decimal(24, 2)), weight
from {{ source('analytics', 'exposures_geography') }} where country_basis = 'risk'
