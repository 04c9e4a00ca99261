"""How files are read, one format a file."""
