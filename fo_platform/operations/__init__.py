"""The verbs that touch the world."""
