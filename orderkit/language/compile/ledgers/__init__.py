"""Ledgers and the postings into them."""
