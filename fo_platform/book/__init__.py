"""Pure rules of the book: identify, value, reconcile, lots."""
