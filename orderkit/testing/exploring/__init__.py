"""Exploring: every way that a record can take through a workflow, each with values for which it takes it.

`searching` goes all ways from one record, `variants` says with which values it is worth it, `stories` writes a way
as a scenario, and `exploring` plays each scenario before it is believed.
"""
