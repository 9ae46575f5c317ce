"""What is called by name: functions, aggregates and `find`, `balance`, and how their arguments are read."""
