"""Exact reasoning about conditions: which values of which fields make them hold.

A condition becomes a region, a union of boxes; a box gives some expressions a set of values. What cannot
be told exactly is taken as "perhaps", so that only what is certain is ever reported.
"""
