-- No approval is older than the breach that it answers.
select proposal_digest, breach_date, approved_at
from {{ ref('approval_history') }}
where cast(approved_at at time zone 'UTC' as date) < breach_date
