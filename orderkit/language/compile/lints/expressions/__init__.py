"""Lints over expressions: what can never hold, what divides by nothing, what is worked out in a circle."""
