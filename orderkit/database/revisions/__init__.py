"""Changes on disk: revisions that people can read, and a snapshot of the model that each leads to."""
