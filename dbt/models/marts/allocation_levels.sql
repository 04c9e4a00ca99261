{# Lines are summed once by all keys and then by each level, which costs little more than one pass; sums are exact. #}
with finest as (
    select business_date, entity_id, account_id, asset_class, currency, sum(market_value_base) as market_value_base
    from {{ source('book', 'holdings') }}
    where market_value_base is not null
    group by business_date, entity_id, account_id, asset_class, currency
)
select
    business_date,
    case grouping_id(entity_id, account_id, asset_class, currency)
        when 13 then 'class' when 14 then 'currency' when 5 then 'entity_class' else 'account_class'
    end as allocation_level,
    coalesce(entity_id, '*') as entity_id, coalesce(account_id, '*') as account_id,
    coalesce(asset_class, '*') as asset_class, coalesce(currency, '*') as currency_held,
    cast(sum(market_value_base) as decimal(24, 2)) as market_value_base
from finest
group by grouping sets (
    (business_date, asset_class), (business_date, currency), (business_date, entity_id, asset_class),
    (business_date, entity_id, account_id, asset_class)
)
