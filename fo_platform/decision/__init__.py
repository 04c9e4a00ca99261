"""Pure rules of the rebalancing decision."""
