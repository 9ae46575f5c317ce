"""How things of a model are called and written for people, in both languages."""
