"""The Dagster layer, and the only one."""
