"""Pure rules of the book: identify, standardise, value, reconcile, lots."""
