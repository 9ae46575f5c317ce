"""The state of a list in its address, and its filters. Pages of lists, exports and tiles share it."""
