"""Forms that people fill in: what a browser sent becomes values, and a draft becomes fields to show."""
