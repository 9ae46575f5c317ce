"""What is told from many records: reports, matchings, alerts."""
