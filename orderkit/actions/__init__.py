"""Workflow actions, one folder each: what a transition does (`do`) or sends afterwards (`after`)."""
