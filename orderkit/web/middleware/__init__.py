"""What every request passes through, outermost first; one file each, in the order of `app`."""
