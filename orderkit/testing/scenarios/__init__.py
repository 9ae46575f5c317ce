"""Scenarios: how a project tests itself, each on a database of its own, with a clock of its own.

`running` plays all of them, `playing` one, on the stage that sample data is played on as well; `expecting`
looks whether it came as it should, `coverage` what of the workflows was reached, `formats` tells of it.
"""
