"""The operations of a revision, one module for each kind."""
