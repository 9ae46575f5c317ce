"""Backups: a database and its attachments in one archive, and back into an empty place.

`backing_up` writes an archive, `verifying` reads one through, `restoring` brings one back. How a database is
copied stands in `sqlite` and `postgresql`, what is in it in `measuring`, what an archive says of itself in
`manifest`.
"""
