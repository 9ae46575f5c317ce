"""External systems, one folder each, its fake beside it."""
