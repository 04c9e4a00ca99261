"""Ways to tell a person something, one file each."""
