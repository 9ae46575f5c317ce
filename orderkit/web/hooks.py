"""Webhooks: the addresses at which other systems tell something. Nobody signs in here; each proves who it is.

Only paths that an automation waits for exist. Answers are JSON: 202 once a delivery is kept, new or not.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from orderkit.engine.automation import find_webhook, take_delivery
from orderkit.engine.runtime import Runtime
from orderkit.model.errors import Denied
from orderkit.model.workflow.automations import Webhook
from orderkit.web import api
from orderkit.web.server.threads import Threads

PREFIX = "/hooks/"


def hook_routes(runtime: Runtime, threads: Threads) -> list[BaseRoute]:
    """Return a route for each path that an automation of the project waits for."""
    triggers = (automation.trigger for automation in runtime.project.automations)
    paths = dict.fromkeys(each.path for each in triggers if isinstance(each, Webhook))
    answer = _answering(runtime, threads)
    return [Route(path, answer, methods=["POST"]) for path in paths]


def _answering(runtime: Runtime, threads: Threads) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = await request.body()
            return await threads.run(_taken, runtime, request, body)
        except Exception as error:  # noqa: BLE001 - the edge: programs are told in their own form
            return api.response_of(api.problem_to(request, error))

    return answer


def _taken(runtime: Runtime, request: Request, body: bytes) -> Response:
    automation = find_webhook(runtime, request.url.path)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        receipt = take_delivery(runtime, automation, headers, body)
    except Denied as denied:
        # Who has not proved who it is has not signed in, in the words of HTTP.
        text = denied.explain.get("en", "")
        return JSONResponse({"status": 401, "code": "unauthenticated", "detail": text}, 401)
    return JSONResponse({"accepted": True, "is_new": receipt.is_new}, 202)
