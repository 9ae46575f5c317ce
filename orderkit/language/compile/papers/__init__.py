"""What people without an account see: printed documents, and pages of a portal."""
