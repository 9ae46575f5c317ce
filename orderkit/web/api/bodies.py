"""Bodies of requests: JSON read without loss, then turned into values of a form's fields.

Every fault is reported at once, each at its path. Keys that begin with `_` are what answers tell
besides the fields; they are ignored, so that a record read may be sent back changed.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orderkit.catalog import Catalog
from orderkit.engine.records import LineChange
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Collection, Field, Form, SystemRole
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.web.api.calls import JSON_TYPE, Call
from orderkit.web.api.problems import BadRequest, did_you_mean

MERGE_PATCH = "application/merge-patch+json"
MOST_PROBLEMS = 100
LONGEST_SHOWN_KEY = 60
# Half of a pair of UTF-16: JSON can write one, but it is no text that could be kept or answered.
_MAYBE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# A record, its lines, a line: deeper than this is no request of ours. Python itself refuses at a depth of its own.
_DEEPEST = 20

# Where a row stands is said by the list itself, whose it is by the record around it.
_SAID_BY_PLACE = frozenset({SystemRole.ID, SystemRole.PARENT, SystemRole.POSITION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a body says about a record: values of its own fields, and the rows of its collections."""

    values: Mapping[str, Scalar]
    lines: Mapping[str, Sequence[LineChange]]


def json_object(call: Call, *, known: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the body as an object; a body left out is an empty one. `known` lists its only keys."""
    document = _json(call)
    if not isinstance(document, dict):
        raise BadRequest(
            "not_an_object", label(zh="请求体须是 JSON 对象", en="the body must be a JSON object")
        )
    if known is not None:
        problems = [_unknown("", key, known) for key in document if key not in known][:MOST_PROBLEMS]
        if problems:
            raise unreadable(problems)
    return document


def record_values(document: Mapping[str, Any], form: Form, project: Project, catalog: Catalog) -> Given:
    """Return what the object says about a record of `form`. Raises BadRequest with every problem."""
    reading = _Reading(project, catalog)
    values = reading.values(document, form, at="", skipped=frozenset())
    lines = {
        collection.id: reading.rows(document[collection.id], collection)
        for collection in form.lines
        if collection.id in document
    }
    reading.finish()
    return Given(values=values, lines=lines)


def asked_values(
    document: object, asked: Sequence[Field], project: Project, catalog: Catalog
) -> Mapping[str, Scalar]:
    """Return the values that a transition asks for. Raises BadRequest with every problem."""
    if not isinstance(document, dict):
        raise unreadable([_wrong("values", label(zh="须是对象", en="must be an object"))])
    reading = _Reading(project, catalog)
    fields = {field.id: field for field in asked}
    values = {}
    for key, value in document.items():
        if key in fields:
            values[key] = reading.value(fields[key], value, at=f"values.{key}")
        else:
            reading.problems.append(_unknown("values.", key, fields))
    reading.finish()
    return values


def text_or_none(document: Mapping[str, Any], key: str) -> str | None:
    """Return a text of the object, None where it is left out or empty."""
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise unreadable([_wrong(key, label(zh="须是文本", en="must be a text"))])
    return value or None


def ids_or_none(document: Mapping[str, Any], key: str) -> tuple[int, ...]:
    """Return the ids that stand at a key; none where it is absent. Raises BadRequest for anything else."""
    return _ids(document.get(key, []), key)


def approvers_in(document: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return whom a body chooses for steps: `approvers`, from the id of a step to ids of users. Raises BadRequest."""
    given = document.get("approvers", {})
    if not isinstance(given, dict):
        raise unreadable(
            [
                _wrong(
                    "approvers",
                    label(zh="应是步骤到人员 id 列表的映射", en="must map steps to lists of user ids"),
                )
            ]
        )
    return {str(step): _ids(ids, f"approvers.{step}") for step, ids in given.items()}


def _ids(given: object, path: str) -> tuple[int, ...]:
    is_list = isinstance(given, list) and all(type(each) is int and abs(each) < 2**63 for each in given)
    if not is_list:
        raise unreadable([_wrong(path, label(zh="应是 id 的列表", en="must be a list of ids"))])
    assert isinstance(given, list)
    return tuple(given)


def unreadable(problems: Sequence[Problem]) -> BadRequest:
    """Return the refusal of a request whose content cannot be read."""
    number = len(problems)
    several = label(zh=f"请求内容有 {number} 处错误", en=f"there are {number} mistakes in what was sent")
    return BadRequest(
        "unreadable", problems[0].message if number == 1 else several, status=422, problems=problems
    )


class _Reading:
    """Reads values and remembers what is wrong with them, until `finish` says it all."""

    def __init__(self, project: Project, catalog: Catalog) -> None:
        self.project = project
        self.catalog = catalog
        self.problems: list[Problem] = []

    def values(
        self, document: Mapping[str, Any], form: Form, *, at: str, skipped: frozenset[SystemRole]
    ) -> dict[str, Scalar]:
        collections = [collection.id for collection in form.lines]
        values: dict[str, Scalar] = {}
        for key, value in document.items():
            field = form.by_id.get(key)
            if key.startswith("_") or key in collections:
                continue
            if field is None:
                known = [*(each.id for each in form.fields), *collections]
                self.problems.append(_unknown(at, key, known))
                if len(self.problems) >= MOST_PROBLEMS:
                    self.finish()
            elif field.virtual is None and field.system not in skipped:
                values[key] = self.value(field, value, at=at + key)
        return values

    def value(self, field: Field, value: object, *, at: str) -> Scalar:
        read = self.catalog.fields[field.type].from_json(field.options, value)
        if isinstance(read, Invalid):
            self.problems.append(
                Problem(path=at, code="wrong_type", message=read.message, help=read.expected)
            )
            return None
        return read

    def rows(self, document: object, collection: Collection) -> tuple[LineChange, ...]:
        if not isinstance(document, list):
            self.problems.append(_wrong(collection.id, label(zh="须是数组", en="must be a list of objects")))
            return ()
        form = self.project.form_by_id[collection.form]
        rows = []
        for index, row in enumerate(document):
            at = f"{collection.id}.{index}"
            if not isinstance(row, dict):
                self.problems.append(_wrong(at, label(zh="须是对象", en="must be an object")))
                continue
            row_id = row.get("id")
            if row_id is not None and (isinstance(row_id, bool) or not isinstance(row_id, int)):
                self.problems.append(_wrong(f"{at}.id", label(zh="须是整数", en="must be a whole number")))
                continue
            values = self.values(row, form, at=f"{at}.", skipped=_SAID_BY_PLACE)
            rows.append(LineChange(id=row_id, values=values))
        return tuple(rows)

    def finish(self) -> None:
        if self.problems:
            raise unreadable(self.problems)


def _json(call: Call) -> object:
    if not call.body.strip():
        return {}
    media_type = call.headers.get("content-type", JSON_TYPE).split(";")[0].strip().lower()
    if media_type not in {JSON_TYPE, MERGE_PATCH}:
        raise BadRequest(
            "not_json",
            label(
                zh=f"不支持 {media_type}，请发送 {JSON_TYPE}",
                en=f"{media_type} is not supported; send {JSON_TYPE}",
            ),
            status=415,
            headers={"Accept": JSON_TYPE},
        )
    try:
        text = call.body.decode("utf-8")
        document = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_duplicates,
        )
        if _MAYBE_SURROGATE.search(text):
            json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise BadRequest(
            "not_text",
            label(
                zh="请求体中有不成对的 \\uD800–\\uDFFF，不是合法的文本",
                en="the body holds half a surrogate pair (\\uD800 to \\uDFFF), which is no text",
            ),
        ) from None
    except UnicodeDecodeError:
        raise BadRequest(
            "not_utf8", label(zh="请求体不是 UTF-8 编码", en="the body is not encoded in UTF-8")
        ) from None
    except json.JSONDecodeError as error:
        raise BadRequest(
            "not_json",
            label(
                zh=f"请求体不是合法的 JSON：第 {error.lineno} 行第 {error.colno} 列",
                en=f"the body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            ),
        ) from None
    except (RecursionError, ValueError):
        raise _too_much() from None
    if _depth(document) > _DEEPEST:
        raise _too_much()
    return document


def _too_much() -> BadRequest:
    return BadRequest(
        "not_json",
        label(
            zh="请求体不是可接受的 JSON：数字过长或嵌套过深",
            en="the body nests too deep or holds a number too long",
        ),
    )


def _depth(document: object) -> int:
    """Return how many objects and lists stand within each other at most, without recursion."""
    depth, level = 0, [document]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
    return depth


def _refuse_constant(name: str) -> object:
    raise BadRequest("not_json", label(zh=f"JSON 中不能有 {name}", en=f"{name} is not a JSON value"))


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0][:LONGEST_SHOWN_KEY]
        raise BadRequest(
            "duplicate_key", label(zh=f"键 {twice} 出现了两次", en=f"the key `{twice}` is given twice")
        )
    return document


def _unknown(at: str, key: str, known: Sequence[str] | Mapping[str, object]) -> Problem:
    key = key[:LONGEST_SHOWN_KEY]
    return Problem(
        path=at + key,
        code="unknown_field",
        message=label(zh=f"没有字段 {key}", en=f"there is no field `{key}`"),
        help=did_you_mean(key, known),
    )


def _wrong(path: str, message: Label) -> Problem:
    return Problem(path=path, code="wrong_type", message=message)
