"""Run time: one package for each noun. `records.apply` is the only way a record changes."""
