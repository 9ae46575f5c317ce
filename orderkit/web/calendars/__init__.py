"""Calendars: which days a page shows, what is special about each, and which records stand on it."""
