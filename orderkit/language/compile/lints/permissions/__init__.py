"""Lints over permissions: rights that contradict what a form demands, or that show nothing."""
