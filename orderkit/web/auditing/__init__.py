"""What stands around the page of the audit: entries in words, the state of the seal, the file."""
