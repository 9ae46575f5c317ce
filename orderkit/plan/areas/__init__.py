"""Where changes are found: one module for each part of a project that is told in its own way."""
