"""The artifact: the folder `build/`, which is all that a server needs. The same input gives the same bytes.

`writing` makes it, `reading` opens it, `serving` turns it into the ASGI app. No YAML and no compiler is
needed to run it; `wheel` puts this very orderkit beside it. `make lock` renews `requirements.lock`,
the pinned versions with hashes of what orderkit needs at run time.
"""
