{{ config(materialized='table') }}
with days as (select * from {{ ref('operating_days') }}),
approved as (select * from {{ ref('approval_history') }} where approved_at is not null)
select 'days_observed' as kpi, cast(count(*) as double) as kpi_figure, 'sessions' as unit,
    'days of which anything is known' as description
from days
union all
select 'days_above_limit', cast(count(*) filter (where is_above_limit) as double), 'sessions',
    'days on which a class of the office stood beyond its drift limit'
from days
union all
select 'decision_days_median', cast(median(decision_days) as double), 'sessions',
    'sessions from the first day of a breach to the completed approval'
from approved
union all
select 'rebalances', cast(count(*) as double), 'proposals', 'proposals that were approved' from approved
union all
select 'errors_caught', cast(coalesce(sum(errors_caught), 0) as double), 'errors',
    'quarantined deliveries and breaks that are more than information, each on the day it was first seen'
from days
union all
select 'deliveries_in_hand_share', sum(deliveries_in_hand) / nullif(sum(deliveries_due), 0), 'fraction',
    'deliveries that came as they were due'
from days
