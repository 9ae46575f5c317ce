"""Records made from records, on pages: their buttons, the table for picking, and the links both ways."""
