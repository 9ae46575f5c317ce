"""What lives as long as the server: the opened project, the settings, templates and threads."""

from collections.abc import Callable
from dataclasses import dataclass

from orderkit.engine.runtime import Runtime
from orderkit.web.rendering.templates import Templates
from orderkit.web.server.settings import Settings
from orderkit.web.server.threads import Threads


@dataclass(frozen=True, kw_only=True)
class Site:
    """One running web app. `entrance` are threads for passwords, so that guessing leaves `threads` to work.

    `refuse_unready` raises when the database is no longer what this program may work on.
    """

    runtime: Runtime
    settings: Settings
    templates: Templates
    threads: Threads
    entrance: Threads
    refuse_unready: Callable[[], None]
