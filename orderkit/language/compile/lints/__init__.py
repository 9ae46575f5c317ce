"""Lints: what is right in each part, but doubtful in the whole."""
