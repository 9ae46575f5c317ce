"""Stories by which a project tests itself."""
