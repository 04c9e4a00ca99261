"""The outside world of the demo office, seeded; imported by no production code."""
