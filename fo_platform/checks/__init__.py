"""One cross-table check a file."""
