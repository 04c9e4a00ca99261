"""Pure rules of execution, settlement and their reconciliation."""
