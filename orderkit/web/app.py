"""The web app of an opened project: middleware outside in, then pages, API and files.

`orderkit serve` runs it, and so does the entry point of an artifact.
"""

from collections.abc import Callable
from dataclasses import replace

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from orderkit.engine.accounts import HASHES_AT_ONCE
from orderkit.engine.automation import LARGEST_BODY
from orderkit.engine.runtime import Runtime
from orderkit.model.errors import OrderkitError
from orderkit.web import api
from orderkit.web.errors import BUG, fault_of
from orderkit.web.hooks import PREFIX, hook_routes
from orderkit.web.live.hub import Hub
from orderkit.web.live.stream import live_endpoint
from orderkit.web.middleware.body_limit import BodyLimit
from orderkit.web.middleware.cross_site import CrossSiteProtection
from orderkit.web.middleware.faults import Faults
from orderkit.web.middleware.locales import Locales
from orderkit.web.middleware.request_ids import RequestIds
from orderkit.web.middleware.security_headers import SecurityHeaders
from orderkit.web.middleware.sessions import Sessions
from orderkit.web.middleware.trusted_proxies import TrustedProxies
from orderkit.web.pages.fault import answer_fault, note_bug
from orderkit.web.pages.project_page import template_of
from orderkit.web.rendering.assets import load_assets
from orderkit.web.rendering.controls import controls_of
from orderkit.web.rendering.templates import Templates
from orderkit.web.rendering.texts import load_texts
from orderkit.web.routes import page_routes
from orderkit.web.server.settings import Settings
from orderkit.web.server.site import Site
from orderkit.web.server.static_files import static_file
from orderkit.web.server.threads import Threads


def create_app(
    runtime: Runtime,
    settings: Settings,
    *,
    more_routes: tuple[BaseRoute, ...] = (),
    refuse_unready: Callable[[], None] = lambda: None,
) -> Starlette:
    """Return the app. `more_routes` stand before the others, as `serve --dev` adds its own.

    `refuse_unready` raises when the database is no longer what this program may work on; `/readyz` asks it.

    Raises: FrontEndMissing when the front end has not been built.
    """
    assets = replace(load_assets(), controls=controls_of(runtime.catalog))
    site = Site(
        runtime=runtime,
        settings=settings,
        templates=Templates(
            runtime.catalog,
            assets,
            load_texts(),
            replaced={
                **{each.name: each.source for each in runtime.project.templates},
                **{template_of(each.id): each.source for each in runtime.project.pages},
            },
            is_development=settings.is_development,
        ),
        threads=Threads(settings.threads),
        entrance=Threads(HASHES_AT_ONCE),
        refuse_unready=refuse_unready,
    )

    hub = Hub(runtime)

    async def answer(request: Request, error: Exception) -> Response:
        if fault_of(error) is BUG:
            await site.threads.run(note_bug, runtime, request, error)
        is_hook = request.url.path.startswith(PREFIX) and isinstance(error, OrderkitError)
        if is_hook or request.url.path.startswith("/api/"):
            return api.response_of(api.problem_to(request, error))
        response = await site.threads.run(answer_fault, site, request, error)
        if fault_of(error).leaves_body:
            response.headers["Connection"] = "close"
        return response

    async def serve_file(request: Request) -> Response:
        return static_file(request, assets)

    project = runtime.project
    app = Starlette(
        routes=[
            *more_routes,
            Route("/static/{name}", serve_file),
            Route("/live", live_endpoint(hub, site.threads)),
            *page_routes(site),
            *hook_routes(runtime, site.threads),
            *api.routes(runtime, site.threads),
        ],
        middleware=[
            Middleware(RequestIds),
            Middleware(TrustedProxies, networks=settings.trusted_proxies, is_https=settings.is_https),
            Middleware(SecurityHeaders),
            Middleware(Faults, answer=answer),
            Middleware(BodyLimit, limit_of=_limits(settings), patience_seconds=settings.patience_seconds),
            Middleware(Sessions, runtime=runtime, threads=site.threads),
            Middleware(Locales, locales=project.locales, main=project.locale),
            Middleware(CrossSiteProtection, keys=settings.secret_keys),
        ],
        exception_handlers={HTTPException: answer},
    )
    # Whoever runs the app ends the streams when it is to stop: a server waits for its open answers first.
    app.state.end_streams = hub.close
    return app


def _limits(settings: Settings) -> Callable[[str], int]:
    """Return how large a body each path may take: uploads more than forms."""

    def limit_of(path: str) -> int:
        if path.startswith(PREFIX):
            return min(LARGEST_BODY, settings.largest_body)
        takes_files = path.endswith(("/comments", "/files")) or "/upload/" in path
        is_upload = takes_files or path.startswith(("/imports/", "/api/v1/files/"))
        return settings.largest_upload if is_upload else settings.largest_body

    return limit_of
