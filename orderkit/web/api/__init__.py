"""The REST API: the same records, rules and rights as the pages, for programs.

`routes` is all that the app needs. A handler is a function from `Call` to `Answer` (see `calls`);
`serving` is the shell around them. What the API can do is told by `openapi.document`.
"""

from orderkit.web.api.addresses import routes
from orderkit.web.api.openapi import document
from orderkit.web.api.serving import problem_to, response_of

__all__ = ["document", "problem_to", "response_of", "routes"]
