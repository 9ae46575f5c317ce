"""Commands, one module each. `console.py` is the only place that prints."""
