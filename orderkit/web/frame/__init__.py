"""What stands around every page of a signed-in person: the shell, its navigation and icons."""
