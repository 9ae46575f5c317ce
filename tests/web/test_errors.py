"""Every error that people can meet has a status, a code and words of its own, in both languages."""

import pytest
from starlette.exceptions import HTTPException

from orderkit.database.connections.failures import DatabaseBusy
from orderkit.model import errors as model_errors
from orderkit.model.errors import Conflict, Denied, NotFound, OrderkitError, Refused, Stale
from orderkit.model.labels import label
from orderkit.web import errors
from orderkit.web.errors import BUG, explanation_of, fault_of

CASES = [
    (NotFound(), 404, "not_found"),
    (Denied(), 403, "denied"),
    (Refused([]), 422, "refused"),
    (Stale(), 409, "stale"),
    (Conflict(), 409, "conflict"),
    (DatabaseBusy(), 503, "busy"),
    (errors.SignInNeeded(), 401, "sign_in_needed"),
    (errors.BadForm(), 400, "bad_form"),
    (errors.Forged(), 403, "forged"),
    (errors.TooLarge(), 413, "too_large"),
    (HTTPException(405), 405, "method_not_allowed"),
    (HTTPException(418), 400, "bad_request"),
]


@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=[type(c[0]).__name__ for c in CASES])
def test_an_error_has_its_status_and_words(error: Exception, status: int, code: str) -> None:
    fault = fault_of(error)
    assert (fault.status, fault.code) == (status, code)
    assert {"zh", "en"} <= set(fault.heading)
    assert {"zh", "en"} <= set(explanation_of(error))


def test_what_nobody_foresaw_is_a_bug() -> None:
    assert fault_of(ValueError("x")) is BUG
    assert fault_of(OrderkitError()) is BUG


def test_the_errors_own_words_win_over_the_tables() -> None:
    own = label(zh="交货日期已过", en="too late")
    assert explanation_of(Denied(own)) == own


def test_no_error_of_the_model_is_forgotten() -> None:
    kinds = [
        each
        for each in vars(model_errors).values()
        if isinstance(each, type) and issubclass(each, OrderkitError) and each is not OrderkitError
    ]
    known = {kind for kind, _ in errors._BY_TYPE}
    assert [kind.__name__ for kind in kinds if not known & set(kind.__mro__)] == []
