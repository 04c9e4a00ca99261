with costs as (
    select business_date, account_id, instrument_id, sum(cost_local) as cost_local
    from {{ source('book', 'tax_lots') }}
    group by business_date, account_id, instrument_id
)
select held.business_date, held.entity_id, held.account_id, held.instrument_id, named.instrument_name,
    held.holding_kind, held.asset_class, held.currency, held.quantity, held.price_local, held.price_date, held.fx_rate,
    held.market_value_local, held.market_value_base, held.accrued_base,
    cast(costs.cost_local as decimal(24, 2)) as cost_local, held.is_priced, held.is_stale, held.has_break
from {{ source('book', 'holdings') }} as held
left join {{ source('reference', 'instruments') }} as named using (business_date, instrument_id)
left join costs using (business_date, account_id, instrument_id)
