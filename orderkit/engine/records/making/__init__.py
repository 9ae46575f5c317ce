"""Records made from records: offers, open quantities, making (下推), splitting, merging, and the limits that hold.

What may be taken of a row is a rule of the form that takes it: `limits` checks it after every write, so
that pages, calls, imports and rules keep to it alike.
"""
