"""Exact values: numbers, lengths of time, JSON that is kept as text."""
