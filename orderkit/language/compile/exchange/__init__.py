"""What goes in and out: connections, integrations, messages, imports and seeds."""
