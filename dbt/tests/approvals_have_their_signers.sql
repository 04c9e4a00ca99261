-- Whoever is counted as a signature is named.
select business_date, proposal_digest, signatures, signers
from {{ ref('approval_days') }}
where signatures > 0 and length(signers) - length(replace(signers, ',', '')) + 1 <> signatures
