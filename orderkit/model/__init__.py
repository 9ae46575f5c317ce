"""What is true once a project has been checked: frozen types, shared by authoring and serving.

Nothing here reads files, YAML or databases. `project.py` is the root of the tree, `expressions/`
the typed expression tree, `stored.py` the JSON that an artifact keeps.
"""
