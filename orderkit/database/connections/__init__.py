"""Open databases: URLs, the two dialects, reading and writing, and what their errors mean to people."""
