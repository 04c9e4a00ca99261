"""What every table looks like."""
