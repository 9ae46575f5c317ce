"""From the model to tables: names and types of columns, changes and revisions, expressions as SQL."""
