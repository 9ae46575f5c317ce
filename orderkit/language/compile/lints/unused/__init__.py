"""Lints over dead configuration: what nothing uses. They are silent where anything could not be read."""
