"""The transactional record: deliveries, batches, approvals, orders, fills, audit chain."""
