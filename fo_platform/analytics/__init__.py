"""Pure measurements of the book."""
