"""The office's declared policy, parsed and validated."""
