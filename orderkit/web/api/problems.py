"""Refusals as problem documents (RFC 9457), in the language that the caller asked for.

Which error has which status is decided in `orderkit.web.errors`; here an answer is made of it. What
is wrong with a request itself (a body that is no JSON, an unknown field) is raised as `BadRequest`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from orderkit.database.connections.failures import DatabaseBusy, DatabaseUnusable
from orderkit.model.errors import OrderkitError, Problem, Refused, Stale
from orderkit.model.labels import Label, label, text_of
from orderkit.web.api.calls import Answer
from orderkit.web.errors import explanation_of, fault_of

MEDIA_TYPE = "application/problem+json"


_HEADINGS: Mapping[str, Label] = {
    "busy": label(zh="系统繁忙", en="Busy"),
    "database_unusable": label(zh="数据库不可用", en="The database cannot be used"),
    "unauthenticated": label(zh="需要令牌", en="A token is needed"),
    "unreadable": label(zh="请求内容有误", en="What was sent cannot be read"),
    "bad_query": label(zh="查询参数有误", en="The query is wrong"),
    "no_such_address": label(zh="没有这个地址", en="There is no such address"),
}


class BadRequest(OrderkitError):
    """The request itself is wrong; `code` is a stable word for programs, `status` its HTTP status."""

    def __init__(
        self,
        code: str,
        explain: Label,
        *,
        status: int = 400,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(explain)
        self.code = code
        self.status = status
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


def answer_to(
    error: Exception, locale: str, *, is_conditional: bool = False, reference: str | None = None
) -> Answer:
    """Return the problem document for an error.

    With `is_conditional` the request carried `If-Match`, so a record changed meanwhile is a failed
    precondition and not just a conflict. `reference` is the id of the request, told where somebody
    must look into it.
    """
    fault = fault_of(error)
    status, code = fault.status, fault.code
    headers: Mapping[str, str] = {}
    if isinstance(error, BadRequest):
        status, code, headers = error.status, error.code, error.headers
    elif isinstance(error, DatabaseBusy):
        status, code, headers = 503, "busy", {"Retry-After": "1"}
    elif isinstance(error, DatabaseUnusable):
        status, code, headers = 503, "database_unusable", {"Retry-After": "30"}
    elif isinstance(error, Stale) and is_conditional:
        status = 412
    elif fault.leaves_body:
        headers = {"Connection": "close"}
    document: dict[str, object] = {
        "type": f"urn:orderkit:problem:{code}",
        "title": text_of(_HEADINGS.get(code, fault.heading), locale),
        "status": status,
        "detail": text_of(explanation_of(error), locale),
    }
    if isinstance(error, Refused | BadRequest) and error.problems:
        document["errors"] = [_error(problem, locale) for problem in error.problems]
    if reference is not None and status >= 500:
        document["instance"] = f"urn:orderkit:request:{reference}"
    return Answer(
        status=status,
        body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **headers},
    )


def did_you_mean(name: str, known: Iterable[str]) -> Label | None:
    """Return a help text that names the nearest known name, if one is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    if not near:
        return None
    return label(zh=f"是否指 {near[0]}？", en=f"did you mean `{near[0]}`?")


def _error(problem: Problem, locale: str) -> dict[str, object]:
    document: dict[str, object] = {
        "path": problem.path,
        "code": problem.code,
        "message": text_of(problem.message, locale),
    }
    if problem.help is not None:
        document["help"] = text_of(problem.help, locale)
    return document
