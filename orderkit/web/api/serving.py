"""The shell around handlers: ASGI in, sign-in by token, the handler in a thread, ASGI out.

Middleware has already given the request an id and bounded its body. Whatever a handler raises leaves
as a problem document.
"""

from collections.abc import Iterator, Mapping

import structlog
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from orderkit.engine.accounts import person_of_token
from orderkit.engine.runtime import Channel, Person, Runtime
from orderkit.model.errors import Denied, NotFound, OrderkitError
from orderkit.model.labels import label
from orderkit.web.api.calls import Answer, Call, Handler, Upload
from orderkit.web.api.problems import BadRequest, answer_to
from orderkit.web.errors import BadForm
from orderkit.web.request.passage import passage_of
from orderkit.web.request.refusing import note_refused
from orderkit.web.server.threads import Threads

CHUNK = 1024 * 1024

log = structlog.get_logger(__name__)


class Address:
    """What can be done at one address of the API, by method."""

    def __init__(self, runtime: Runtime, threads: Threads, handlers: Mapping[str, Handler]) -> None:
        self.runtime = runtime
        self.threads = threads
        self.handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except Exception as error:  # noqa: BLE001 - the edge: programs are told in their own form
            answer = problem_to(request, error)
        await response_of(answer)(scope, receive, send)

    async def _answer(self, request: Request) -> Answer:
        handler = self.handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            allowed = ", ".join(sorted(self.handlers))
            raise BadRequest(
                "method_not_allowed",
                label(zh=f"这个地址只接受 {allowed}", en=f"this address takes only {allowed}"),
                status=405,
                headers={"Allow": allowed},
            )
        token = bearer_token(request)
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            async with request.form(max_files=1, max_fields=1) as form:
                upload = _upload(form.get("file"))
                return await self.threads.run(self._handled, handler, request, token, b"", upload)
        body = await request.body()
        return await self.threads.run(self._handled, handler, request, token, body, None)

    def _handled(
        self, handler: Handler, request: Request, token: str, body: bytes, upload: Upload | None
    ) -> Answer:
        person = person_of_token(self.runtime, token)
        if person is None:
            raise unauthenticated(
                label(
                    zh="令牌无效、已过期或已撤销，或用户已停用",
                    en="the token is unknown, over or revoked, or its user has left",
                )
            )
        call = Call(
            method=request.method,
            path=request.url.path,
            names={name: str(value) for name, value in request.path_params.items()},
            parameters=tuple(request.query_params.multi_items()),
            headers=dict(request.headers.items()),
            body=body,
            upload=upload,
            person=person,
            locale=locale_of(request, self.runtime, person),
            request_id=passage_of(request.scope).request_id,
        )
        try:
            return handler(self.runtime, call)
        except (Denied, NotFound) as error:
            note_refused(
                self.runtime,
                person,
                Channel.API,
                error,
                method=call.method,
                path=call.path,
                names=call.names,
                passage=passage_of(request.scope),
            )
            raise


def bearer_token(request: Request) -> str:
    """Return the token that the request carries. Raises BadRequest (401) when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated(
            label(
                zh="请在 Authorization 头中带上令牌：Bearer <令牌>；令牌由 orderkit user token create 生成",
                en="send a token in the Authorization header: Bearer <token>; `orderkit user token create` makes one",
            )
        )
    return token.strip()


def unauthenticated(explain: Mapping[str, str]) -> BadRequest:
    """Return the refusal of a caller that nobody knows."""
    return BadRequest(
        "unauthenticated", explain, status=401, headers={"WWW-Authenticate": 'Bearer realm="orderkit"'}
    )


def locale_of(request: Request, runtime: Runtime, person: Person | None) -> str:
    """Return the language to answer in: what the request accepts, else the person's, else the project's."""
    if "accept-language" in request.headers:
        return passage_of(request.scope).locale or runtime.project.locale
    return (person.locale if person is not None else None) or runtime.project.locale


def problem_to(request: Request, error: Exception) -> Answer:
    """Return the problem document for whatever went wrong with a request; a bug of ours is logged."""
    passage = passage_of(request.scope)
    if isinstance(error, HTTPException):
        error = BadForm(label(zh="上传的内容无法读取", en=f"the upload cannot be read: {error.detail}"))
    if not isinstance(error, OrderkitError):
        log.error(
            "a call failed",
            action="api.bug",
            request_id=passage.request_id,
            path=request.url.path,
            exc_info=error,
        )
    return answer_to(
        error,
        passage.locale,
        is_conditional="if-match" in request.headers,
        reference=passage.request_id,
    )


def response_of(answer: Answer) -> Response:
    """Return the answer as Starlette sends it."""
    headers = {"X-Content-Type-Options": "nosniff", **answer.headers}
    if answer.file is not None:
        return FileResponse(
            answer.file, status_code=answer.status, media_type=answer.media_type, headers=headers
        )
    return Response(answer.body, status_code=answer.status, media_type=answer.media_type, headers=headers)


def _upload(part: object) -> Upload:
    if not isinstance(part, UploadFile) or not part.filename:
        raise BadRequest(
            "no_file",
            label(
                zh="请以 multipart/form-data 上传，文件部分名为 file",
                en="send the file as multipart/form-data, in a part named `file`",
            ),
        )
    return Upload(name=part.filename, chunks=_chunks(part))


def _chunks(part: UploadFile) -> Iterator[bytes]:
    while chunk := part.file.read(CHUNK):
        yield chunk
