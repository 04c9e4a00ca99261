with deliveries as (
    select business_date, count(*) as due,
        count(*) filter (where coverage_status in ('received', 'restated')) as in_hand,
        count(*) filter (where coverage_status = 'quarantined') as quarantined
    from {{ source('book', 'expected_deliveries') }} group by business_date
),
breaks as (
    select business_date, count(*) as opened, count(*) filter (where severity <> 'info') as errors
    from {{ source('book', 'reconciliation_breaks') }} where first_seen_date = business_date group by business_date
),
drifts as (
    select business_date, bool_or(is_breach) as is_above_limit
    from {{ source('analytics', 'allocation_drift') }} where scope = 'office' group by business_date
),
signed as (
    select business_date, count(*) as approvals
    from {{ source('decision', 'approval') }}
    where approval_status = 'approved' and cast(approved_at at time zone 'UTC' as date) = business_date
    group by business_date
),
orders as (
    select business_date, count(*) as orders_open
    from {{ source('execution', 'orders') }}
    where order_status in ('NEW', 'SENDING', 'ACKED', 'UNKNOWN', 'PARTIALLY_FILLED') group by business_date
),
pending as (
    select business_date, count(*) as settlements_pending
    from {{ source('execution', 'settlements') }} where settlement_status = 'pending' group by business_date
)
select business_date, coalesce(due, 0) as deliveries_due, coalesce(in_hand, 0) as deliveries_in_hand,
    coalesce(quarantined, 0) as deliveries_quarantined, coalesce(opened, 0) as breaks_opened,
    coalesce(quarantined, 0) + coalesce(errors, 0) as errors_caught,
    coalesce(is_above_limit, false) as is_above_limit, coalesce(approvals, 0) as approvals,
    coalesce(orders_open, 0) as orders_open, coalesce(settlements_pending, 0) as settlements_pending
from drifts
left join deliveries using (business_date)
left join breaks using (business_date)
left join signed using (business_date)
left join orders using (business_date)
left join pending using (business_date)
