"""The first pass: which objects a project declares, and what refers to which by name."""
