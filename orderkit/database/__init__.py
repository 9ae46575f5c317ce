"""From a model to a database: tables, changes between two models, revisions, migrations, and SQL for expressions."""
