"""Simulation: a record is walked through its workflow by the people there are, and nothing of it stays.

`samples` makes a record that the rules accept, `moves` what people do with it, `walking` goes one way from its
beginning to its end; `exploring` beside this package goes every way.
"""
