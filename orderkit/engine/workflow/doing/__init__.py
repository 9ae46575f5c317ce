"""What actions do to records: to related ones, in savepoints, and never round and round."""
