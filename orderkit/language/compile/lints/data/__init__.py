"""Lints over data: keys that may be empty, records that cannot be told apart by their title."""
