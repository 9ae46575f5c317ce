"""Forms of the model: fields, titles, checks and looks."""
