"""What lives as long as the server: settings, keys, threads, the site, the built front end."""
