"""How a place of the YAML is read once all names are known: expressions, values and people in their scopes."""
