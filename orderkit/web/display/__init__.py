"""How values look to people: fields, colours, currencies, sizes, instants."""
