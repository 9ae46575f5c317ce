"""What can be done to many records of a form at once, and how a run of it is looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderkit.engine.bulk import MOST_RECORDS, Outcome, RunState
from orderkit.model.labels import Label, label
from orderkit.web.api.openapi.around import Operation
from orderkit.web.api.openapi.parts import items_of, json_of, reference

SAYINGS: dict[str, Label] = {
    "bulk_edit": label(zh="批量修改{}", en="Change many: {}"),
    "bulk_do": label(zh="批量操作：{}", en="Press on many: {}"),
    "bulk_withdraw": label(zh="批量撤回{}的审批", en="Take many back from approval: {}"),
    "bulk_delete": label(zh="批量删除{}", en="Delete many: {}"),
    "bulk_run": label(zh="批量操作的进度：{}", en="How far a run is: {}"),
    "bulk_results": label(zh="批量操作的结果：{}", en="What became of each: {}"),
    "bulk_stop": label(zh="停止批量操作：{}", en="Stop a run: {}"),
}
_TEXT = {"type": "string"}
IDS: dict[str, Any] = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1},
    "minItems": 1,
    "maxItems": MOST_RECORDS,
}
RUN: dict[str, Any] = {
    "type": "object",
    "required": ["id", "form", "action", "state", "is_under_way", "total", "counts", "results"],
    "properties": {
        "id": {"type": "integer"},
        "form": _TEXT,
        "action": {"type": "string", "examples": ["edit", "do/place", "withdraw", "delete"]},
        "state": {"enum": [each.value for each in RunState]},
        "is_under_way": {"type": "boolean", "description": "Whether it will still change."},
        "total": {"type": "integer"},
        "counts": {
            "type": "object",
            "description": "Of how many records what has become.",
            "properties": {each.value: {"type": "integer"} for each in Outcome},
        },
        "created_at": {"type": "string", "format": "date-time"},
        "results": {"type": "string", "description": "Where it stands what became of each record."},
    },
}
RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["id", "title", "outcome", "reason"],
    "properties": {
        "id": {"type": "integer"},
        "title": {"type": "string", "description": "Empty where there was none that the caller may see."},
        "outcome": {"enum": [each.value for each in Outcome]},
        "reason": {"type": ["string", "null"]},
    },
}


def bulk_paths(
    root: str,
    operation: Operation,
    *,
    settable: str,
    pressed: Sequence[tuple[str, Operation, Mapping[str, Any]]],
    has_approvals: bool,
) -> dict[str, dict[str, Any]]:
    """Return the operations on many records of one form, whose addresses begin with `root`.

    `settable` names the schema of the fields that may be given; `pressed` the transitions, each with the operation
    that names it and the schemas of what it asks for.
    """
    key = [reference("parameters", "IdempotencyKey")]
    identity = {"parameters": [reference("parameters", "Id")]}
    run = json_of(reference("schemas", ":bulk-run"))
    headers = {"Location": {"schema": _TEXT, "description": "Where the run is."}}
    begun = {
        "200": {**run, "description": "Done", "headers": headers},
        "202": {**run, "description": "Goes on in the background", "headers": headers},
    }
    paths: dict[str, dict[str, Any]] = {
        f"{root}/bulk/edit": {
            "post": operation(
                "bulk_edit",
                begun,
                key,
                body=_body({"values": reference("schemas", settable)}, needed=("ids", "values")),
            )
        },
        f"{root}/bulk/delete": {"post": operation("bulk_delete", begun, key, body=_body({}))},
        f"{root}/bulk/{{id}}": {**identity, "get": operation("bulk_run", {"200": run})},
        f"{root}/bulk/{{id}}/results": {
            **identity,
            "get": operation(
                "bulk_results",
                {"200": json_of(items_of(reference("schemas", ":bulk-result")))},
                [
                    {"name": "outcome", "in": "query", "schema": {"enum": [each.value for each in Outcome]}},
                    reference("parameters", "Cursor"),
                    reference("parameters", "Limit"),
                ],
            ),
        },
        f"{root}/bulk/{{id}}/stop": {**identity, "post": operation("bulk_stop", {"202": run}, key)},
    }
    for transition, press, asked in pressed:
        body = _body({"values": _values(asked), "comment": _TEXT, "workflow": _TEXT})
        paths[f"{root}/bulk/do/{transition}"] = {
            "post": press("bulk_do", begun, key, body=body, of=transition)
        }
    if has_approvals:
        paths[f"{root}/bulk/withdraw"] = {
            "post": operation("bulk_withdraw", begun, key, body=_body({"comment": _TEXT, "workflow": _TEXT}))
        }
    return paths


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(fields), "additionalProperties": False}


def _body(properties: Mapping[str, Any], *, needed: Sequence[str] = ("ids",)) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "properties": {"ids": IDS, **properties},
        "additionalProperties": False,
    }
