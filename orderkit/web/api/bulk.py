"""One thing done to many records over HTTP: beginning a run, how far it is, what became of each, and stopping it.

Few records are done before the answer, more of them in the background. Whoever began a run, and nobody
else, may look at it.
"""

import json
import secrets
from collections.abc import Sequence
from typing import Any, assert_never

from orderkit.engine import bulk
from orderkit.engine.bulk import AT_ONCE, MOST_RECORDS, BulkAction, BulkRun, Edit, Move, Outcome, Remove
from orderkit.engine.runtime import Channel, Runtime, Unit
from orderkit.model.errors import NotFound, Problem
from orderkit.model.forms import Form
from orderkit.model.labels import Label, label, text_of
from orderkit.model.workflow.workflows import Workflow
from orderkit.web.api.bodies import asked_values, json_object, text_or_none, unreadable
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.idempotency import once
from orderkit.web.api.problems import BadRequest
from orderkit.web.api.queries import read_limit
from orderkit.web.api.records import form_named, record_id
from orderkit.web.api.transitions import transition_named
from orderkit.web.editing.decoding import may_be_given_to_many

MOST_RESULTS = 200


def edit_records(runtime: Runtime, call: Call) -> Answer:
    """Give every record the same values."""
    form = form_named(runtime, call)
    document = json_object(call, known=("ids", "values"))
    ids, given = _ids(document.get("ids")), document.get("values")
    if isinstance(given, dict):
        _refuse_unfit(runtime, form, given)
    settable = [each for each in form.fields if may_be_given_to_many(each, runtime.catalog)]
    values = asked_values(given, settable, runtime.project, runtime.catalog)
    if not values:
        raise unreadable(
            [_problem("values", "required", zh="请给出要修改的字段", en="name the fields to change")]
        )
    return _begun(runtime, call, form, Edit(values=values), ids)


def move_records(runtime: Runtime, call: Call) -> Answer:
    """Press a transition on every record; what it asks for is answered once."""
    form = form_named(runtime, call)
    document = json_object(call, known=("ids", "values", "comment", "workflow"))
    transition = transition_named(runtime, form, call.names["transition"])
    known = [
        each
        for each in runtime.project.workflows_by_form.get(form.id, ())
        if transition.id in each.transition_by_id
    ]
    life = _workflow(known, text_or_none(document, "workflow"))
    asked = [each.field for each in life.transition_by_id[transition.id].ask]
    action = Move(
        workflow=life.id,
        transition=transition.id,
        values=asked_values(document.get("values", {}), asked, runtime.project, runtime.catalog),
        comment=text_or_none(document, "comment"),
    )
    return _begun(runtime, call, form, action, _ids(document.get("ids")))


def withdraw_records(runtime: Runtime, call: Call) -> Answer:
    """Take every record back from its approval."""
    form = form_named(runtime, call)
    known = [each for each in runtime.project.workflows_by_form.get(form.id, ()) if each.approvals]
    if not known:
        raise NotFound(label(zh=f"表单 {form.id} 没有审批", en=f"the form `{form.id}` has no approvals"))
    document = json_object(call, known=("ids", "comment", "workflow"))
    action = Move(
        workflow=_workflow(known, text_or_none(document, "workflow")).id,
        transition="withdraw",
        comment=text_or_none(document, "comment"),
        is_withdrawal=True,
    )
    return _begun(runtime, call, form, action, _ids(document.get("ids")))


def delete_records(runtime: Runtime, call: Call) -> Answer:
    """Delete every record that may be."""
    form = form_named(runtime, call)
    return _begun(runtime, call, form, Remove(), _ids(json_object(call, known=("ids",)).get("ids")))


def read_run(runtime: Runtime, call: Call) -> Answer:
    """Return how far a run is."""
    with call.reading(runtime) as unit:
        return json_answer(_document(_run(runtime, unit, call)))


def list_results(runtime: Runtime, call: Call) -> Answer:
    """Return what became of each record of a run, in the order in which they were sent."""
    given = dict(call.parameters)
    for name in given:
        if name not in {"outcome", "limit", "cursor"}:
            raise BadRequest("bad_query", label(zh=f"没有参数 {name}", en=f"there is no parameter `{name}`"))
    wanted = given.get("outcome")
    if wanted is not None and wanted not in list(Outcome):
        known = ", ".join(Outcome)
        raise BadRequest(
            "bad_query", label(zh=f"outcome 须是 {known}", en=f"`outcome` must be one of {known}")
        )
    limit = read_limit(given["limit"]) if "limit" in given else MOST_RESULTS
    after = given.get("cursor", "0")
    if not (after.isdecimal() and after.isascii() and len(after) < 7):
        raise BadRequest(
            "bad_cursor",
            label(zh="cursor 须取自上一页的 next_cursor", en="`cursor` must be a page's next_cursor"),
        )
    with call.reading(runtime) as unit:
        run = _run(runtime, unit, call)
        found = [
            (place, each)
            for place, each in enumerate(bulk.results(unit, run), start=1)
            if place > int(after) and wanted in {None, each.outcome}
        ]
    items = [
        {
            "id": each.record_id,
            "title": each.title,
            "outcome": each.outcome.value,
            "reason": None if each.reason is None else text_of(each.reason, call.locale),
        }
        for _, each in found[:limit]
    ]
    following = str(found[limit - 1][0]) if len(found) > limit else None
    return json_answer({"items": items, "next_cursor": following})


def stop_run(runtime: Runtime, call: Call) -> Answer:
    """Ask a run to stop after the few records that it is at; answers with the run as it is then."""

    def work(unit: Unit) -> Answer:
        run = _run(runtime, unit, call)
        bulk.stop_run(unit, run.id)
        return json_answer(_document(bulk.find_run(unit, run.id)), status=202)

    return once(runtime, call, work)


def _begun(runtime: Runtime, call: Call, form: Form, action: BulkAction, ids: Sequence[int]) -> Answer:
    """Begin a run, or find the one that the same request has begun before, and answer with it as it is now."""

    def work(unit: Unit) -> Answer:
        # The key of the request is its own; a run without one is begun each time.
        key = f"api:{secrets.token_hex(16)}"
        run_id = bulk.begin(unit, form.id, action, ids, key=key, channel=Channel.API)
        address = f"/api/v1/{form.id}/bulk/{run_id}"
        return json_answer({"id": run_id}, status=202, headers={"Location": address})

    begun = once(runtime, call, work)
    run_id = json.loads(begun.body)["id"]
    if len(set(ids)) <= AT_ONCE:
        bulk.work_off(runtime, call.person, run_id, request_id=call.request_id, channel=Channel.API)
    with call.reading(runtime) as unit:
        run = bulk.find_run(unit, run_id)
    return json_answer(_document(run), status=202 if run.is_under_way else 200, headers=begun.headers)


def _run(runtime: Runtime, unit: Unit, call: Call) -> BulkRun:
    form = form_named(runtime, call)
    run = bulk.find_run(unit, record_id(call))
    if run.form != form.id:
        raise NotFound
    return run


def _document(run: BulkRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "form": run.form,
        "action": _action(run.action),
        "state": run.state.value,
        "is_under_way": run.is_under_way,
        "total": run.total,
        "counts": {outcome.value: run.counts.get(outcome, 0) for outcome in Outcome},
        "created_at": run.created_at.isoformat(),
        "results": f"/api/v1/{run.form}/bulk/{run.id}/results",
    }


def _action(action: BulkAction) -> str:
    match action:
        case Edit():
            return "edit"
        case Move():
            return "withdraw" if action.is_withdrawal else f"do/{action.transition}"
        case Remove():
            return "delete"
        case _:
            assert_never(action)


def _workflow(known: Sequence[Workflow], wanted: str | None) -> Workflow:
    found = [each for each in known if wanted in {None, each.id}]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.id for each in known)
    problem = _problem(
        "workflow", "unknown_workflow", zh=f"须是其中之一：{names}", en=f"must be one of {names}"
    )
    raise unreadable([problem])


def _ids(given: object) -> list[int]:
    if not isinstance(given, list) or not given:
        raise unreadable(
            [
                _problem(
                    "ids", "required", zh="须是编号的数组，至少一个", en="must be a list of ids, at least one"
                )
            ]
        )
    if len(given) > MOST_RECORDS:
        many = _problem(
            "ids",
            "too_many",
            zh=f"一次最多 {MOST_RECORDS} 条记录",
            en=f"at most {MOST_RECORDS} records at once",
        )
        raise unreadable([many])
    wrong = [
        _problem(f"ids.{place}", "wrong_type", zh="须是编号", en="must be the id of a record")
        for place, each in enumerate(given)
        if isinstance(each, bool) or not isinstance(each, int) or not 0 < each < 2**63
    ]
    if wrong:
        raise unreadable(wrong[:20])
    return given


def _refuse_unfit(runtime: Runtime, form: Form, given: dict[str, Any]) -> None:
    """Refuse what the form knows but what is not given to many. Raises BadRequest."""
    known = {*form.by_id, *(each.id for each in form.lines)}
    unfit = [
        _problem(
            f"values.{name}",
            "not_for_many",
            zh=f"{name} 不能一次给多条记录",
            en=f"`{name}` cannot be given to many records at once",
        )
        for name in given
        if name in known
        and not (name in form.by_id and may_be_given_to_many(form.by_id[name], runtime.catalog))
    ]
    if unfit:
        raise unreadable(unfit)


def _problem(path: str, code: str, *, zh: str, en: str) -> Problem:
    message: Label = label(zh=zh, en=en)
    return Problem(path=path, code=code, message=message)
