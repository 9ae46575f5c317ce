"""What an operation asks of the rows before it touches them."""
