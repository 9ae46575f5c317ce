"""Reports and dashboards of the model."""
