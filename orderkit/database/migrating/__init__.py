"""Brings databases forward: runs revisions, and notes in the database what was done."""
