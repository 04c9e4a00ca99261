"""Pictures of tables, one a file named after its table."""
