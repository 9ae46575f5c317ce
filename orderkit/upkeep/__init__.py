"""Keeping what runs in order: looking whether all is well, backing up, restoring."""
