"""What `orderkit plan` reads: the state before, from the last build, git or an artifact; and a live database."""
