"""Append-only tables and the raw archive."""
