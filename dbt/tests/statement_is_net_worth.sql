-- The holdings of every day's statement sum to the net worth that allocation stands on, to the cent.
with held as (
    select business_date, sum(market_value_base) as held_base from {{ ref('holdings_statement') }} group by business_date
),
allocated as (
    select business_date, max(nav_base) as nav_base from {{ ref('allocation_history') }} where scope = 'office' group by business_date
)
select business_date, held_base, nav_base from held join allocated using (business_date) where held_base <> nav_base
