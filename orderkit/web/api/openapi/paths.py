"""What can be called: the operations on a form's records, on its workflows, on tasks, reports and files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orderkit.catalog import Catalog
from orderkit.engine.workflow import RECORD_VERBS, Verb
from orderkit.fields.field_type import ColumnKind
from orderkit.model.analysis.reports import Grain, Report
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Transition
from orderkit.web.api.openapi import bulk
from orderkit.web.api.openapi.around import SAYINGS, around_paths
from orderkit.web.api.openapi.parts import items_of, json_of, reference
from orderkit.web.api.openapi.schemas import field_schema

Paths = dict[str, dict[str, Any]]

ROOT = "/api/v1"

_SAYINGS: dict[str, Label] = {
    "list": label(zh="查询{}", en="List: {}"),
    "create": label(zh="新建{}", en="Create: {}"),
    "get": label(zh="读取{}", en="Read: {}"),
    "update": label(zh="修改{}", en="Change: {}"),
    "delete": label(zh="删除{}", en="Delete: {}"),
    "history": label(zh="{}的历史", en="History: {}"),
    "buttons": label(zh="{}当前可做的操作", en="What may be done now: {}"),
    "withdraw": label(zh="撤回{}的审批", en="Take back from approval: {}"),
    "revoke": label(zh="撤销{}的上一步", en="Revoke what was done last: {}"),
    "terminate": label(zh="终止{}的审批", en="Terminate the approval: {}"),
    "reopen": label(zh="重新打开{}", en="Reopen: {}"),
    "claim": label(zh="领取{}", en="Claim: {}"),
    "release": label(zh="放回{}", en="Give back: {}"),
    "urge": label(zh="催办{}", en="Urge those who decide: {}"),
    "copies": label(zh="抄送我的", en="Copies that I was sent"),
    "substitutions": label(zh="我的代理", en="My substitutes, and for whom I stand in"),
    "substitute": label(zh="设置代理人", en="Name a substitute"),
    "end_substitution": label(zh="结束代理", en="End a substitution"),
    "decide_several": label(zh="批量处理审批任务", en="Decide several approval tasks"),
    "do": label(zh="{}", en="{}"),
    "open": label(zh="可用数量：{}", en="What is open: {}"),
    "make": label(zh="由{}生成", en="Make from: {}"),
    "split": label(zh="拆分{}", en="Split: {}"),
    "merge": label(zh="合并{}", en="Merge: {}"),
    "report": label(zh="报表：{}", en="Report: {}"),
    "tasks": label(zh="我的审批任务", en="My approval tasks"),
    "task": label(zh="读取一个审批任务", en="Read an approval task"),
    "decide": label(zh="处理审批任务", en="Decide an approval task"),
    "reports": label(zh="可以查看的报表", en="The reports that may be seen"),
    "upload": label(zh="上传附件", en="Upload a file"),
    "download": label(zh="下载附件", en="Download a file"),
    **SAYINGS,
    **bulk.SAYINGS,
}

_RANGED = {
    ColumnKind.INTEGER,
    ColumnKind.DECIMAL,
    ColumnKind.DATE,
    ColumnKind.TIME,
    ColumnKind.DATETIME,
    ColumnKind.DURATION,
}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a group of operations is about: its tag, and how people call it."""

    id: str
    name: str
    locale: str

    def operation(
        self,
        verb: str,
        responses: dict[str, Any],
        parameters: Sequence[dict[str, Any]] = (),
        *,
        body: dict[str, Any] | None = None,
        of: str = "",
    ) -> dict[str, Any]:
        """Return an operation; `of` tells apart several of one verb, such as transitions."""
        operation: dict[str, Any] = {
            "operationId": f"{self.id}.{verb}" + (f".{of}" if of else ""),
            "summary": text_of(_SAYINGS[verb], self.locale).format(self.name),
            "tags": [self.id],
            "responses": {**responses, "default": reference("responses", "Problem")},
        }
        if parameters:
            operation["parameters"] = list(parameters)
        if body is not None:
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
        return operation


def form_paths(form: Form, project: Project, catalog: Catalog, locale: str) -> Paths:
    """Return the operations on the records of one form."""
    subject = _Subject(form.id, text_of(form.label, locale), locale)
    schema = f"#/components/schemas/{form.id}"
    one = {"$ref": schema}
    collection = f"{ROOT}/{form.id}"
    record = f"{collection}/{{id}}"
    key = [reference("parameters", "IdempotencyKey")]
    created = _record(one, has_address=True)
    paths: Paths = {
        collection: {
            "get": subject.operation("list", {"200": _page(one)}, _filters(form, catalog, locale)),
            "post": subject.operation("create", {"201": created}, key, body={"$ref": f"{schema}:create"}),
        },
        record: {
            "parameters": [reference("parameters", "Id")],
            "get": subject.operation("get", {"200": _record(one)}),
            "patch": subject.operation(
                "update", {"200": _record(one)}, _CHANGING, body={"$ref": f"{schema}:update"}
            ),
            "delete": subject.operation("delete", {"204": {"description": "Deleted"}}, _CHANGING),
        },
        f"{record}/history": {
            "parameters": [reference("parameters", "Id")],
            "get": subject.operation(
                "history",
                {"200": json_of(items_of({"type": "object"}))},
                [_parameter("before", {"type": "string", "format": "date-time"})],
            ),
        },
    }
    return {
        **paths,
        **_workflow_paths(form, subject, project, catalog),
        **_making_paths(form, subject, project, catalog),
        **_bulk_paths(form, subject, project, catalog),
        **around_paths(collection, one, subject.operation),
    }


def report_paths(report: Report, locale: str) -> Paths:
    """Return the operation that runs one report."""
    subject = _Subject("reports", text_of(report.label, locale), locale)
    measures = [measure.id for measure in report.measures]
    by = [dimension.id for dimension in report.dimensions]
    if report.time is not None:
        by += [grain.value for grain in Grain]
    parameters = [
        _parameter("measures", {"type": "array", "items": {"enum": measures}}, explode=False),
        _parameter("by", {"type": "array", "items": {"enum": by} if by else {}}, explode=False),
        _parameter(
            "where",
            {"type": "array", "items": {"type": "string"}},
            "`region:East,South`, `time:this_year`, `time:2026-01-01..2026-03-31`; all must hold.",
        ),
        _parameter("sort", {"type": "string"}),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 20_000}),
        _parameter("others", {"enum": ["true", "false"]}),
    ]
    answer = json_of(reference("schemas", ":report"))
    run = subject.operation("report", {"200": answer}, parameters, of=report.id)
    return {f"{ROOT}/reports/{report.id}": {"get": run}}


def common_paths(locale: str) -> Paths:
    """Return the operations that every project has: tasks, the list of reports, files."""
    return {**_task_paths(locale), **_file_paths(locale)}


def _task_paths(locale: str) -> Paths:
    tasks = _Subject("tasks", "", locale)
    reports = _Subject("reports", "", locale)
    task = reference("schemas", ":task")
    text, ids = {"type": "string"}, {"type": "array", "items": {"type": "integer"}}
    decision = {
        "type": "object",
        "properties": {
            "comment": text,
            "seen": text,
            "to": text,
            "resume": {"enum": ["restart", "direct"]},
            "approvers": {"type": "object", "additionalProperties": ids},
            "signature": {"type": "integer"},
            "files": ids,
            "people": ids,
            "place": {"enum": ["before", "after", "parallel"]},
            "mode": {"enum": ["all", "any", "sequence"]},
        },
        "additionalProperties": False,
    }
    verb = _parameter("verb", {"enum": [each.value for each in Verb]}, place="path")
    several = _parameter("verb", {"enum": ["approve", "reject"]}, place="path")
    substitute = {
        "type": "object",
        "required": ["substitute", "from", "until"],
        "properties": {
            "substitute": {"type": "integer"},
            "from": {"type": "string", "format": "date-time"},
            "until": {"type": "string", "format": "date-time"},
            "workflow": text,
        },
        "additionalProperties": False,
    }
    many = {
        "type": "object",
        "required": ["tasks"],
        "properties": {"tasks": ids, "comment": text},
        "additionalProperties": False,
    }
    shown = {"200": json_of(items_of({"type": "object"}))}
    state = _parameter("state", {"enum": ["open", "decided"], "default": "open"})
    paging = [state, reference("parameters", "Cursor"), reference("parameters", "Limit")]
    key = [reference("parameters", "IdempotencyKey")]
    decided = json_of({"type": "object"})
    return {
        f"{ROOT}/tasks": {"get": tasks.operation("tasks", {"200": _page(task)}, paging)},
        f"{ROOT}/tasks/bulk/{{verb}}": {
            "parameters": [several],
            "post": tasks.operation("decide_several", shown, body=many),
        },
        f"{ROOT}/tasks/copies": {"get": tasks.operation("copies", shown)},
        f"{ROOT}/tasks/substitutions": {
            "get": tasks.operation("substitutions", shown),
            "post": tasks.operation("substitute", {"201": json_of({"type": "object"})}, key, body=substitute),
        },
        f"{ROOT}/tasks/substitutions/{{id}}": {
            "parameters": [reference("parameters", "Id")],
            "delete": tasks.operation("end_substitution", {"200": json_of({"type": "object"})}, key),
        },
        f"{ROOT}/tasks/{{id}}": {
            "parameters": [reference("parameters", "Id")],
            "get": tasks.operation("task", {"200": json_of(task)}),
        },
        f"{ROOT}/tasks/{{id}}/{{verb}}": {
            "parameters": [reference("parameters", "Id"), verb],
            "post": tasks.operation("decide", {"200": decided}, key, body=decision),
        },
        f"{ROOT}/reports": {
            "get": reports.operation("reports", {"200": json_of(items_of({"type": "object"}))})
        },
    }


def _file_paths(locale: str) -> Paths:
    subject = _Subject("files", "", locale)
    place = [
        _parameter("form", {"type": "string"}, place="path"),
        _parameter("field", {"type": "string"}, place="path"),
    ]
    part = {"type": "string", "contentMediaType": "application/octet-stream"}
    multipart = {"type": "object", "required": ["file"], "properties": {"file": part}}
    stored = {
        **json_of(reference("schemas", ":file")),
        "headers": {"Location": {"schema": {"type": "string"}}},
    }
    content = {"description": "The file", "content": {"application/octet-stream": {}}}
    upload = subject.operation("upload", {"201": stored}, place)
    upload["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": multipart}}}
    return {
        f"{ROOT}/files/{{form}}/{{field}}": {"post": upload},
        f"{ROOT}/files/{{id}}": {
            "parameters": [reference("parameters", "Id")],
            "get": subject.operation("download", {"200": content}),
        },
    }


def _workflow_paths(form: Form, subject: _Subject, project: Project, catalog: Catalog) -> Paths:
    workflows = project.workflows_by_form.get(form.id, ())
    if not workflows:
        return {}
    record = f"{ROOT}/{form.id}/{{id}}"
    answer = {"200": _record({"$ref": f"#/components/schemas/{form.id}"})}
    identity = [reference("parameters", "Id")]
    shown = {"200": json_of(items_of({"type": "object"}))}
    paths: Paths = {f"{record}/do": {"parameters": identity, "get": subject.operation("buttons", shown)}}
    for transition in (each for workflow in workflows for each in workflow.transitions):
        if transition.by is None:
            continue
        pressed = _Subject(form.id, text_of(transition.label, subject.locale), subject.locale)
        body = _pressed(transition, catalog, subject.locale)
        paths[f"{record}/do/{transition.id}"] = {
            "parameters": identity,
            "post": pressed.operation("do", answer, _CHANGING, body=body, of=transition.id),
        }
    body = {
        "type": "object",
        "properties": {"comment": {"type": "string"}, "workflow": {"type": "string"}},
    }
    for verb in RECORD_VERBS:
        paths[f"{record}/{verb}"] = {
            "parameters": identity,
            "post": subject.operation(verb, answer, _CHANGING, body=body),
        }
    return paths


def _making_paths(form: Form, subject: _Subject, project: Project, catalog: Catalog) -> Paths:
    """Return what makes records of this form's: other forms, a part of one, one of several."""
    collection = f"{ROOT}/{form.id}"
    key = [reference("parameters", "IdempotencyKey")]
    one = {"$ref": f"#/components/schemas/{form.id}"}
    ids: dict[str, Any] = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
    paths: Paths = {}
    for target in project.forms:
        for way in target.create_from:
            if way.source != form.id:
                continue
            names = () if way.lines is None else tuple(name for name, _ in way.lines.limit)
            rows = (
                None
                if way.lines is None
                else project.form_by_id[target.collection_by_id[way.lines.field].form]
            )
            fields = [] if rows is None else [rows.by_id[name] for name in names]
            body = {
                "type": "object",
                "required": ["ids"],
                "properties": {"ids": ids, "lines": _picked(fields, catalog, subject.locale)},
                "additionalProperties": False,
            }
            made = json_of(items_of({"$ref": f"#/components/schemas/{target.id}"}))
            asked = [_parameter("ids", ids, explode=False)]
            paths[f"{collection}/make/{target.id}"] = {
                "get": subject.operation("open", {"200": json_of({"type": "object"})}, asked, of=target.id),
                "post": subject.operation("make", {"201": made}, key, body=body, of=target.id),
            }
    if form.split is not None:
        name, _, field = (form.split.quantity or "").partition(".")
        parts = [project.form_by_id[form.collection_by_id[name].form].by_id[field]] if field else []
        body = {
            "type": "object",
            "required": ["lines"],
            "properties": {"lines": _picked(parts, catalog, subject.locale)},
            "additionalProperties": False,
        }
        paths[f"{collection}/{{id}}/split"] = {
            "parameters": [reference("parameters", "Id")],
            "post": subject.operation("split", {"201": _record(one, has_address=True)}, _CHANGING, body=body),
        }
    if form.merge is not None:
        merged = {"type": "object", "required": ["ids"], "properties": {"ids": ids}}
        paths[f"{collection}/merge"] = {
            "post": subject.operation("merge", {"200": _record(one)}, key, body=merged)
        }
    return paths


def _bulk_paths(form: Form, subject: _Subject, project: Project, catalog: Catalog) -> Paths:
    """Return what may be done to many records at once."""
    workflows = project.workflows_by_form.get(form.id, ())
    pressed = [
        (
            each.id,
            _Subject(form.id, text_of(each.label, subject.locale), subject.locale).operation,
            {ask.field.id: field_schema(ask.field, catalog, subject.locale) for ask in each.ask},
        )
        for workflow in workflows
        for each in workflow.transitions
        if each.by is not None
    ]
    return bulk.bulk_paths(
        f"{ROOT}/{form.id}",
        subject.operation,
        settable=f"{form.id}:bulk",
        pressed=pressed,
        has_approvals=any(each.approvals for each in workflows),
    )


def _picked(fields: Sequence[Field], catalog: Catalog, locale: str) -> dict[str, Any]:
    """Return the schema of rows with how much is taken of each."""
    amounts = {each.id: field_schema(each, catalog, locale) for each in fields}
    row = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}, **amounts},
        "additionalProperties": False,
    }
    return {"type": "array", "items": row}


def _pressed(transition: Transition, catalog: Catalog, locale: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "type": "object",
        "properties": {ask.field.id: field_schema(ask.field, catalog, locale) for ask in transition.ask},
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"values": values, "comment": {"type": "string"}, "workflow": {"type": "string"}},
        "additionalProperties": False,
    }


def _filters(form: Form, catalog: Catalog, locale: str) -> list[dict[str, Any]]:
    parameters = []
    for field_id in form.list.filters:
        field = form.by_id[field_id]
        title = text_of(field.label, locale)
        parameters.append(_parameter(field_id, {"type": "array", "items": {"type": "string"}}, title))
        for word, schema in _comparisons(field, catalog):
            parameters.append(_parameter(f"{field_id}.{word}", schema, title))
    if form.list.views:
        parameters.append(_parameter("view", {"enum": [view.id for view in form.list.views]}))
    common = ("Search", "Sort", "Fields", "Count", "Cursor", "Limit")
    return [*parameters, *(reference("parameters", name) for name in common)]


def _comparisons(field: Field, catalog: Catalog) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the words that may stand behind a field's dot, each with what it takes."""
    column = catalog.fields[field.type].column
    if column in _RANGED:
        yield from ((word, {"type": "string"}) for word in ("from", "to"))
    if column in {ColumnKind.DATE, ColumnKind.DATETIME}:
        yield "during", {"type": "string"}
    if field.target in {"user", "department"}:
        yield "mine", {"enum": ["me", "department"]}
    yield "empty", {"type": "boolean"}


def _parameter(
    name: str, schema: dict[str, Any], description: str = "", *, place: str = "query", explode: bool = True
) -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": name, "in": place, "schema": schema}
    if place == "path":
        parameter["required"] = True
    if description:
        parameter["description"] = description
    if not explode:
        parameter.update(style="form", explode=False)
    return parameter


def _record(schema: dict[str, Any], *, has_address: bool = False) -> dict[str, Any]:
    headers = {"ETag": {"schema": {"type": "string"}, "description": "The revision, for `If-Match`."}}
    if has_address:
        headers["Location"] = {"schema": {"type": "string"}, "description": "Where the record is."}
    return {**json_of(schema), "headers": headers}


def _page(schema: dict[str, Any]) -> dict[str, Any]:
    page = items_of(schema)
    page["required"] = ["items", "next_cursor"]
    page["properties"]["next_cursor"] = {"type": ["string", "null"]}
    page["properties"]["previous_cursor"] = {"type": ["string", "null"]}
    return json_of(page)


_CHANGING = [reference("parameters", "IfMatch"), reference("parameters", "IdempotencyKey")]
