"""Doing one thing to many records of a list, on pages: choosing them, the questions, what became of each."""
