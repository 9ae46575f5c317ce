"""What changed from one model to the next, as values: how it is done, undone, and judged."""
