"""Workflows as a model check: what can be reached, by whom, and what gets around an approval."""
