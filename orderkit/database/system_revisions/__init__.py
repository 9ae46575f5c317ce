"""The revisions of orderkit's own tables, run by `orderkit.database.migrate` before those of a project."""
