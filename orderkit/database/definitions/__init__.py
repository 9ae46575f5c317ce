"""Stored definitions of workflows, which running records follow: what they name, and how renames reach them."""
