"""Measurements, always as ratios of two ways within one run: `make bench`.

A figure of one machine says little; a ratio of two ways that take turns on the same machine says what
orderkit costs on top of the least that could be done.
"""
