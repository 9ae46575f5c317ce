"""Writing: the one path by which records change. `applying` is its entry point."""
