"""Taking back what transitions did: noting it while they do it, and reversing what is still open, once."""
