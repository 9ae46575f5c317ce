"""Spreadsheets in and out: reading files, turning rows into records, exports and seeds.

`run.py` is the way in. Nothing here writes a record by itself: every change goes through
`engine.records`, with the rights of the person who imports. `mapping.py` explains a mapping,
`reading/` the files.
"""
