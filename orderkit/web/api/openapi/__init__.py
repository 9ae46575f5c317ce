"""What the API of a project can do, as an OpenAPI 3.1 document.

It follows from the model alone: `schemas` says what records look like, `paths` what can be called,
`examples` shows one of each. The artifact keeps the document, the server serves it.
"""

from orderkit.web.api.openapi.document import document

__all__ = ["document"]
