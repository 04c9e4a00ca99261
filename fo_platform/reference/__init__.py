"""Pure: from raw records to reference tables."""
