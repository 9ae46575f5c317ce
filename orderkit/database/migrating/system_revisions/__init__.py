"""The revisions of orderkit's own tables, run by `orderkit.database.migrating.migrate` before those of a project."""
