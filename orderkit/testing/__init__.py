"""Stories about a project, played on a real database with the rights of the people in them.

`story` says what stands in a story's file, `playing` plays it. The demo data of a project is one.
"""
