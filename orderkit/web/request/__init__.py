"""One request: what is known of it, what its handler sees and answers, what its cookies carry."""
