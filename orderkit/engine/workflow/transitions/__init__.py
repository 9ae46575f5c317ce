"""Transitions: the buttons, what pressing one asks and needs, and the move itself."""
