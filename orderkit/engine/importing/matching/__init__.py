"""How a sheet finds its form: columns to fields, rows to records, values to references."""
