"""What the tables of a client say about the forms they need: types, keys, references, lines, and what is dirty.

Tables go in, a proposal comes out, and nothing here opens a file. `tables` finds headings and columns, `field_types`
what a column holds, `keys`, `references` and `lines` how tables belong together, `proposing` makes forms and imports
of it, `dirt` says what does not fit, `writing` puts the proposal into YAML.
"""
