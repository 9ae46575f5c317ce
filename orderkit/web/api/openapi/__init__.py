"""What the API of a project can do, as an OpenAPI 3.1 document.

It follows from the model alone: `schemas` says what records look like, `paths` what can be called,
`examples` shows one of each, `names` keeps what generators of clients make of the names apart. The artifact keeps the
document, the server serves it; a plan compares what is `described`, whose names depend on nothing beside.
"""

from orderkit.web.api.openapi.document import described, document

__all__ = ["described", "document"]
