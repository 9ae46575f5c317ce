"""Boards: which columns there are, which cards stand in them, and where a card may go."""
