"""Calendars: days and hours of work."""
