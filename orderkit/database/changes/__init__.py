"""What turns one state of the tables into another, as values: `diff` finds it, `hazards` judges it."""
