"""The one table from an error to its HTTP status, its stable code and its heading.

Pages and the API answer by it; `pages/fault.py` shows it to people, `api/problems.py` to programs.
"""

from dataclasses import dataclass

from starlette.exceptions import HTTPException

from orderkit.database.connections.failures import DatabaseBusy, DatabaseUnusable
from orderkit.model.errors import (
    Conflict,
    ConnectorFailed,
    Denied,
    NotFound,
    OrderkitError,
    Refused,
    Stale,
)
from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How an error is answered. `explain` says what to do when the error itself says nothing.

    With `leaves_body` the rest of what was sent is not read, so the connection must not go on behind the answer:
    that rest would be taken for the next request.
    """

    status: int
    code: str
    heading: Label
    explain: Label
    leaves_body: bool = False


class SignInNeeded(OrderkitError):
    """You are not signed in, or your session has ended."""


class BadForm(OrderkitError):
    """The form that was sent cannot be read; load the page again and repeat what you did."""


class Forged(OrderkitError):
    """The form does not come from this session; load the page again and repeat what you did."""


class TooLarge(OrderkitError):
    """What was sent is larger than this server accepts."""


class TooSlow(OrderkitError):
    """What was sent came so slowly that the server waits no longer."""


_BY_TYPE: tuple[tuple[type[OrderkitError], Fault], ...] = (
    (
        SignInNeeded,
        Fault(
            status=401,
            code="sign_in_needed",
            heading=label(zh="请先登录", en="Please sign in"),
            explain=label(
                zh="您还没有登录，或登录已过期。", en="You are not signed in, or your session has ended."
            ),
        ),
    ),
    (
        BadForm,
        Fault(
            status=400,
            code="bad_form",
            heading=label(zh="提交的内容无法读取", en="What was sent cannot be read"),
            explain=label(zh="请刷新页面后重新操作。", en="Load the page again and repeat what you did."),
        ),
    ),
    (
        Forged,
        Fault(
            status=403,
            code="forged",
            heading=label(zh="这次提交没有通过安全校验", en="This request did not pass the security check"),
            explain=label(
                zh="页面可能打开太久，或登录已更换。请刷新页面后重新提交；没有保存任何内容。",
                en="The page may have been open for too long, or you signed in again. Load it again and repeat; nothing was saved.",
            ),
        ),
    ),
    (
        TooLarge,
        Fault(
            status=413,
            code="too_large",
            heading=label(zh="提交的内容太大", en="What was sent is too large"),
            explain=label(
                zh="请减小文件后重试；没有保存任何内容。",
                en="Make the file smaller and try again; nothing was saved.",
            ),
            leaves_body=True,
        ),
    ),
    (
        TooSlow,
        Fault(
            status=408,
            code="too_slow",
            heading=label(zh="提交得太慢", en="What was sent came too slowly"),
            explain=label(
                zh="连接太慢或中断了，请重试；没有保存任何内容。",
                en="The connection is too slow or broke off; try again. Nothing was saved.",
            ),
            leaves_body=True,
        ),
    ),
    (
        NotFound,
        Fault(
            status=404,
            code="not_found",
            heading=label(zh="没有找到", en="Not found"),
            explain=label(
                zh="它不存在、已被删除，或您没有查看权限。",
                en="It does not exist, was deleted, or you may not see it.",
            ),
        ),
    ),
    (
        Denied,
        Fault(
            status=403,
            code="denied",
            heading=label(zh="没有权限", en="Not allowed"),
            explain=label(
                zh="如需此权限，请联系管理员。", en="Ask an administrator for a role that grants it."
            ),
        ),
    ),
    (
        Refused,
        Fault(
            status=422,
            code="refused",
            heading=label(zh="不符合规则", en="Against the rules"),
            explain=label(
                zh="项目的规则不允许这样做；没有保存任何内容。",
                en="The rules of this project do not allow this; nothing was saved.",
            ),
        ),
    ),
    (
        Stale,
        Fault(
            status=409,
            code="stale",
            heading=label(zh="内容已被他人修改", en="Changed in the meantime"),
            explain=label(
                zh="请刷新后再改一次；没有保存任何内容。",
                en="Load it again and repeat your change; nothing was saved.",
            ),
        ),
    ),
    (
        Conflict,
        Fault(
            status=409,
            code="conflict",
            heading=label(zh="有冲突", en="Conflict"),
            explain=label(
                zh="这件事已经做过，或与已有内容冲突。",
                en="This was already done, or collides with something that exists.",
            ),
        ),
    ),
    (
        DatabaseBusy,
        Fault(
            status=503,
            code="busy",
            heading=label(zh="系统繁忙", en="Busy"),
            explain=label(
                zh="请稍后再试；没有保存任何内容。", en="Try again in a moment; nothing was saved."
            ),
        ),
    ),
    (
        DatabaseUnusable,
        Fault(
            status=503,
            code="database_unusable",
            heading=label(zh="数据库暂时不可用", en="The database does not answer"),
            explain=label(zh="请稍后再试，或联系管理员。", en="Try again later, or ask an administrator."),
        ),
    ),
    (
        ConnectorFailed,
        Fault(
            status=502,
            code="connector_failed",
            heading=label(zh="外部系统没有接受", en="An external system refused"),
            explain=label(zh="请稍后再试，或联系管理员。", en="Try again later, or ask an administrator."),
        ),
    ),
)

_BY_STATUS = {
    400: Fault(
        status=400,
        code="bad_request",
        heading=label(zh="请求有误", en="Bad request"),
        explain=label(zh="地址或内容不正确。", en="The address or its content is wrong."),
    ),
    404: Fault(
        status=404,
        code="not_found",
        heading=label(zh="没有这个页面", en="There is no such page"),
        explain=label(
            zh="地址可能写错了，或页面已经移走。", en="The address may be wrong, or the page has moved."
        ),
    ),
    405: Fault(
        status=405,
        code="method_not_allowed",
        heading=label(zh="这个地址不接受这种操作", en="This address does not take such a request"),
        explain=label(
            zh="请从页面上的按钮操作，不要直接打开这个地址。",
            en="Use the buttons of the pages instead of opening this address.",
        ),
    ),
}

BUG = Fault(
    status=500,
    code="bug",
    heading=label(zh="程序出错了", en="Something went wrong on our side"),
    explain=label(
        zh="这是程序的缺陷，不是您的操作问题；没有保存任何内容。请把下面的编号告诉管理员。",
        en="This is a bug, not your mistake; nothing was saved. Please tell an administrator the reference below.",
    ),
)


def fault_of(error: Exception) -> Fault:
    """Return how an error is answered; what nobody foresaw is a bug of ours."""
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.status_code, _BY_STATUS[400])
    for kind, fault in _BY_TYPE:
        if isinstance(error, kind):
            return fault
    return BUG


def explanation_of(error: Exception) -> Label:
    """Return what to tell people: the error's own words, or those of the table where it has none."""
    fault = fault_of(error)
    if isinstance(error, OrderkitError) and len(error.explain) > 1:
        return error.explain
    return fault.explain
