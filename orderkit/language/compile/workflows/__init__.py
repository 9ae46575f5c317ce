"""Workflows of the model: states, transitions, approvals and actions."""
