{{ config(materialized='table') }}
with days as (
    select scope, business_date, bool_or(is_breach) as is_breach from {{ ref('allocation_history') }}
    group by scope, business_date
),
calm as (
    select *, max(business_date) filter (where not is_breach)
        over (partition by scope order by business_date rows unbounded preceding) as calm_date
    from days
),
breaches as (
    select scope, business_date, min(business_date) over (partition by scope, calm_date order by business_date) as breach_date
    from calm where is_breach
),
last_state as (
    select * from {{ ref('approval_days') }}
    qualify row_number() over (partition by proposal_digest order by business_date desc) = 1
),
first_day as (
    select proposal_digest, min(business_date) as proposed_date from {{ ref('approval_days') }} group by proposal_digest
)
select stood.proposal_digest, stood.entity_id, stood.approval_status, stood.signatures, stood.signers, stood.approved_at,
    stood.valid_until_date, stood.business_date, breaches.breach_date,
    case when stood.approved_at is not null and breaches.breach_date is not null then (
        select count(distinct days.business_date) from days
        where days.business_date > breaches.breach_date
            and days.business_date <= cast(stood.approved_at at time zone 'UTC' as date)
    ) end as decision_days
from last_state as stood
join first_day using (proposal_digest)
left join breaches on breaches.scope = stood.entity_id and breaches.business_date = first_day.proposed_date
