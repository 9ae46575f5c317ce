"""The text of an expression: words, the tree they make, and the tree printed again."""
