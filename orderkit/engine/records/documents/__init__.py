"""Records in the making: a record with its lines, what a change does to it, and what follows from that.

Nothing here writes to the database; `writing` and drafts do their work on documents.
"""
