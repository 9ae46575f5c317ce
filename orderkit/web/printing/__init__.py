"""Documents on paper: templates of the project filled in within a sandbox, and laid out for a sheet."""
