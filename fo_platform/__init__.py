"""fo_platform: an orchestrated data platform with asset lineage for a family office's portfolio."""
