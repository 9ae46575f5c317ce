"""The search index: which records can contain a word. It narrows; the conditions of a search decide.

Beneath `records`, which notes here what it writes and asks here before it looks. What is in an entry stands
in `sources`, how it is cut into tokens in `grams` and `pinyin`, where it is kept in `entries`.
"""
