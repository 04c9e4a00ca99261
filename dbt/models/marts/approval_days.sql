select business_date, proposal_digest, entity_id, approval_status, signatures, signers, approved_at, valid_until_date,
    reason
from {{ source('decision', 'approval') }}
