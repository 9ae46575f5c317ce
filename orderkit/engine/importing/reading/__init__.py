"""Files as people have them, read into rows of cells: text tables and Excel workbooks.

What the cells mean is not decided here; see `orderkit.engine.importing.matching.mapping`.
"""
