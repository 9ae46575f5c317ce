"""Field types, one folder each. Adding a type is adding a folder whose `__init__.py` ends in `TYPE = …`."""
