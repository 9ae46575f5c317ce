"""What a model is in SQL: tables as plain values, as SQLAlchemy tables, and orderkit's own tables."""
