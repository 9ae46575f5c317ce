"""Which types of column can become which, value by value, and what is lost by none: the same on both databases.

`rules` says it in Python and is what counts; SQLite calls it, `postgresql` says the same in SQL.
"""
