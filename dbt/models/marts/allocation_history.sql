select business_date, scope, asset_class, market_value_base, nav_base, weight, weight_target, drift_total,
    drift_tradeable, drift_limit, is_breach, is_hard_breach
from {{ source('analytics', 'allocation_drift') }}
