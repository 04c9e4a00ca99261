"""Published examples, each held against our figure for it: adapters from a case's input to the product's functions."""
