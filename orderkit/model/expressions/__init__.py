"""The typed expression tree: its nodes and types, walking it, evaluating it, sending it to the browser."""
