"""Charts, and the tiles of dashboards."""
