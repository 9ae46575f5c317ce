"""News for open pages: one thread looks what happened, every stream passes on what its person may be told."""
