"""What the pages show of the figures of a workflow."""
