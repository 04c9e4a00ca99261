"""One broker a file."""
