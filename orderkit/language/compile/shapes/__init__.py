"""The second pass: what each form consists of, types and names only, before expressions are read."""
