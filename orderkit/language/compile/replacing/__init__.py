"""Templates of pages that a project replaces: what they are given and must keep, without running them."""
