"""Pages and the guard in front of Dagster's UI."""
