"""Builds the shapes of all forms: built-in ones, those of the project, their lines, states and reverse references."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from orderkit.catalog import Catalog
from orderkit.language.compile.names.collecting import (
    Declared,
    Named,
    check_id,
    collect_names,
    meant_id,
    shortened,
)
from orderkit.language.compile.names.settings import Settings
from orderkit.language.compile.shapes.built_in_forms import BUILT_IN_FORMS
from orderkit.language.compile.shapes.field_types import FieldTypes, TypedField
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.linking import Linking
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.compile.shapes.system_fields import (
    RESERVED_FORMS,
    RESERVED_LINES,
    RESERVED_TOP_LEVEL,
    RESERVED_WORDS,
    SystemFields,
)
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.parts import field as words
from orderkit.language.spec.readers import MapOf
from orderkit.language.spec.words import MISSING_KEY, NOT_SUPPORTED_YET, Nested, report_unknown_key
from orderkit.model.expressions.types import Number, Type
from orderkit.model.forms import Collection, Field, Mask, Origin
from orderkit.model.labels import label

RESERVED_NAME = Code(
    "OK2103",
    "reserved-name",
    ERROR,
    since="0.1",
    explain="""
    A field has a name that orderkit gives to its own fields (`id`, `owner`, `created_at`, …) or to other
    things in expressions (`me`, `this`, `value`, …); a form begins with `ok_`, as orderkit's own tables do, or has
    `__`, which divides a form from its lines in SQL, or is called `tasks`, `reports` or `files`, which have addresses
    of their own in the API.
    ~~~yaml bad
    form: customer
    fields: {owner: {type: user}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {salesperson: {type: user}}
    ~~~""",
    zh="字段用了 orderkit 自己字段的名称（`id`、`owner`、`created_at` 等）或表达式里另有含义的名称（`me`、`this`、`value` 等）；或表单以 `ok_` 开头（那是 orderkit 自己的表），或含 `__`（在 SQL 里用来分隔表单与明细），或叫 `tasks`、`reports`、`files`（API 中另有用途）。",
)
LINES_NAME_TOO_LONG = Code(
    "OK2095",
    "lines-name-too-long",
    ERROR,
    since="0.1",
    explain="""
    The ids of a form and of its lines make the name of a table together, and have at most 56 characters, with the
    point between them. Shorten one of the two; what people read is `label`.
    ~~~yaml bad
    form: purchase_requisition_of_the_workshop
    fields:
      goods_that_are_to_be_bought: {type: lines, fields: {qty: {type: integer}}}
    ~~~
    ~~~yaml good
    form: purchase_requisition_of_the_workshop
    fields:
      goods: {type: lines, fields: {qty: {type: integer}}}
    ~~~""",
    zh="表单和明细的标识合起来是一个表名，连同中间的点最多 56 个字符。请写短其中一个；给人看的写在 `label`。",
)
BUILT_IN_FORM = Code(
    "OK2105",
    "built-in-form",
    ERROR,
    since="0.1",
    explain="""
    `user` and `department` exist in every project; write `extend: user` to add fields. Only they can be extended.
    ~~~yaml bad
    form: user
    fields: {employee_no: {type: text}}
    ~~~
    ~~~yaml good
    extend: user
    fields: {employee_no: {type: text}}
    ~~~""",
    zh="`user` 和 `department` 每个项目都有；加字段写 `extend: user`。只有它们能被扩展。",
)


def build_shapes(
    named: Named, settings: Settings, catalog: Catalog, reading: Reading
) -> dict[str, FormShape]:
    """Return the shape of every form by id, sorted; lines forms stand behind their parent."""
    return _Shaping(named, settings, catalog, reading).run()


MAX_TABLE_NAME = 56
_TARGET = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


# Words of a field that stand in the model as they are read, under the same name.
_AS_WRITTEN = frozenset(
    key.name
    for key in (
        words.HELP,
        words.PLACEHOLDER,
        words.REQUIRED,
        words.READONLY,
        words.UNIQUE,
        words.INDEX,
        words.SET_ONCE,
        words.NO_COPY,
        words.EDITABLE,
        words.PII,
        words.WIDTH,
        words.RENAMED_FROM,
    )
)


class _Shaping:
    def __init__(self, named: Named, settings: Settings, catalog: Catalog, reading: Reading) -> None:
        self.named = named
        self.settings = settings
        self.catalog = catalog
        self.reading = reading
        self.types = FieldTypes(catalog, settings, reading)
        self.system = SystemFields(catalog, settings)
        self.shapes: dict[str, FormShape] = {}
        self.odd_targets: list[ScalarNode] = []

    def run(self) -> dict[str, FormShape]:
        built_in = self._built_in()
        for declared in built_in.values():
            self._form(declared, is_built_in=True)
        for declared in self.named.of("form").values():
            if declared.id in built_in:
                self._report_built_in(declared, built_in)
            else:
                self._form(declared, is_built_in=False)
        for declared in self.named.of("extend").values():
            self._extend(declared, built_in)
        linking = Linking(self.named, self.shapes, self.system, self.reading)
        linking.add_states()
        linking.resolve_references(self.odd_targets)
        return dict(sorted(self.shapes.items()))

    def _built_in(self) -> Mapping[str, Declared]:
        # Their findings would be bugs of orderkit: a test compiles them.
        files = {f"built-in/{name}.yaml": text.encode() for name, text in BUILT_IN_FORMS.items()}
        return collect_names(files, Reading()).of("form")

    def _report_built_in(self, declared: Declared, built_in: Mapping[str, Declared]) -> None:
        self.reading.report(
            BUILT_IN_FORM,
            declared.id_node,
            label(zh=f"表单 `{declared.id}` 是内置的", en=f"the form `{declared.id}` is built in"),
            label(
                zh=f"写 `extend: {declared.id}` 来加字段", en=f"write `extend: {declared.id}` to add fields"
            ),
        )
        assert declared.id in built_in

    def _form(self, declared: Declared, *, is_built_in: bool) -> None:
        written = declared.written
        shape = FormShape(
            id=declared.id,
            label=readable(declared.id),
            declared=declared,
            is_broken=written is None,
            is_built_in=is_built_in,
        )
        self.shapes[declared.id] = shape
        if declared.id.startswith("ok_") or "__" in declared.id or declared.id in RESERVED_FORMS:
            self._report_reserved(declared.id_node)
        if written is None:
            return
        shape.label = written[form_words.LABEL_] or shape.label
        shape.has_number = form_words.NUMBER in written
        for field in self.system.top_level(has_number=shape.has_number):
            shape.fields[field.id] = FieldShape(id=field.id, field=field)
        fields = written[form_words.FIELDS]
        shape.is_broken = fields is None
        self._fields(shape, fields or (), RESERVED_TOP_LEVEL)

    def _extend(self, declared: Declared, built_in: Mapping[str, Declared]) -> None:
        if declared.id not in built_in:
            self.reading.report(
                BUILT_IN_FORM,
                declared.id_node,
                label(zh=f"`{declared.id}` 不是内置表单", en=f"`{declared.id}` is not a built-in form"),
                label(
                    zh="只能扩展 `user` 和 `department`", en="only `user` and `department` can be extended"
                ),
            )
        elif declared.written is not None:
            shape = self.shapes[declared.id]
            self._fields(
                shape, declared.written[form_words.FIELDS] or (), RESERVED_TOP_LEVEL | shape.fields.keys()
            )

    def _fields(
        self, shape: FormShape, fields: Iterable[tuple[ScalarNode, Written]], reserved: Iterable[str]
    ) -> None:
        reserved = frozenset(reserved)
        for id_node, written in fields:
            name = id_node.text
            if not check_id(id_node, self.reading):
                # Others may have written what was meant.
                for each in (name, meant_id(name)):
                    shape.fields.setdefault(each, FieldShape(id=each, field=None))
                continue
            is_number = name == "number" and shape.has_number
            if name in reserved or name in RESERVED_WORDS or is_number:
                self._report_reserved(id_node)
                if name in shape.fields:
                    continue
                shape.fields[name] = FieldShape(id=name, field=None)
                continue
            arguments = self._arguments(shape, name, written, id_node)
            shape.fields[name] = FieldShape(
                id=name,
                field=None if arguments is None else Field(**arguments),
                written=written,
                id_node=id_node,
                arguments=arguments or {},
            )

    def _report_reserved(self, id_node: ScalarNode) -> None:
        self.reading.report(
            RESERVED_NAME,
            id_node,
            label(zh=f"`{id_node.text}` 是保留名称", en=f"the name `{id_node.text}` is reserved"),
            label(zh="换一个标识，`label` 不受影响", en="choose another id; the label may stay"),
        )

    def _report_long_lines(self, id_node: ScalarNode, form_id: str) -> None:
        name = id_node.text
        length, room = len(form_id), MAX_TABLE_NAME - (len(form_id) - len(name))
        self.reading.report(
            LINES_NAME_TOO_LONG,
            id_node,
            label(
                zh=f"`{form_id}` 有 {length} 个字符，表单和明细的标识合起来最多 {MAX_TABLE_NAME} 个",
                en=f"`{form_id}` has {length} characters; a form and its lines have at most {MAX_TABLE_NAME} together",
            ),
            label(
                zh=f"把明细的标识缩短到 {room} 个字符以内，例如 `{shortened(name, room)}`，或缩短表单的标识；完整的名称写到 `label` 里",
                en=f"shorten the id of the lines to {room} characters, for example to `{shortened(name, room)}`, "
                "or that of the form; the whole name goes into `label`",
            ),
        )

    def _arguments(
        self, shape: FormShape, name: str, written: Written, id_node: ScalarNode
    ) -> dict[str, Any] | None:
        """Return what a field of the model is made of, but for its expressions; None where it is broken."""
        target = written.extra.get("to")
        if target is not None and isinstance(target[1], ScalarNode) and not _TARGET.fullmatch(target[1].text):
            # Probably what people call the form; looked up once all forms are known.
            self.odd_targets.append(target[1])
            return None
        typed = self.types.read(written)
        type_node = written[words.TYPE]
        if type_node is not None and type_node.text == "lines":
            rows = self._lines(shape, name, written, id_node)
            if typed is not None:
                options = typed.options.model_copy(update={"form": rows})
                typed = TypedField(typed.type, options, typed.type.value_type(options))
        elif words.FIELDS in written and type_node is not None:
            known = [key for key in words.FIELD.by_name if key != "fields"]
            report_unknown_key(
                self.reading,
                written.key_of(words.FIELDS),
                known,
                label(zh="字段", en=f"{type_node.text} field"),
            )
        if typed is None or type_node is None:
            return None
        line, column = id_node.source.position(id_node.start)
        values = written.values
        arguments: dict[str, Any] = {
            "id": name,
            "type": type_node.text,
            "options": typed.options,
            "value_type": _in_its_currency(typed.value_type, shape),
            "label": written[words.LABEL_] or readable(name),
            "origin": Origin(path=id_node.source.path, line=line, column=column),
        }
        for word in _AS_WRITTEN & values.keys():
            arguments[word] = values[word]
        if words.MASK.name in values:
            arguments["mask"] = Mask(values[words.MASK.name])
        return arguments

    def _lines(self, parent: FormShape, name: str, written: Written, id_node: ScalarNode) -> str:
        form_id = f"{parent.id}.{name}"
        if "__" in name:
            self._report_reserved(id_node)
        elif len(form_id) > MAX_TABLE_NAME:
            self._report_long_lines(id_node, form_id)
        shape = FormShape(
            id=form_id,
            label=written[words.LABEL_] or readable(name),
            parent=parent.id,
            declared=parent.declared,
            is_built_in=parent.is_built_in,
        )
        self.shapes[form_id] = shape
        parent.collections[name] = Collection(
            id=name, form=form_id, via=parent.id.rsplit(".", 1)[-1], is_lines=True
        )
        if parent.parent is not None:
            shape.is_broken = True
            self.reading.report(
                NOT_SUPPORTED_YET,
                written.value_of(words.TYPE),
                label(zh="明细里不能再有明细", en="lines within lines are not supported yet in this version"),
            )
            return form_id
        for field in self.system.of_lines(parent.id, parent.label):
            shape.fields[field.id] = FieldShape(id=field.id, field=field)
        if words.FIELDS not in written:
            shape.is_broken = True
            self.reading.report(
                MISSING_KEY,
                id_node,
                label(zh=f"明细 `{name}` 缺少 `fields`", en=f"the lines `{name}` have no `fields`"),
                label(zh="加上 `fields:`", en="add `fields:`"),
            )
            return form_id
        fields = MapOf(Nested(words.FIELD)).read(written.value_of(words.FIELDS), self.reading)
        if fields is None:
            shape.is_broken = True
            return form_id
        self._fields(shape, fields, RESERVED_LINES | {parent.id.rsplit(".", 1)[-1]})
        return form_id


def _in_its_currency(kind: Type, shape: FormShape) -> Type:
    """Return an amount whose currency a field names with the full path of that field, the same from everywhere."""
    if not isinstance(kind, Number) or kind.currency is None or not kind.currency.startswith("="):
        return kind
    first, *rest = kind.currency.removeprefix("=").split(".")
    is_of_parent = shape.parent is not None and first == shape.parent.rsplit(".", 1)[-1] and rest
    path = [shape.parent or "", *rest] if is_of_parent else [shape.id, first, *rest]
    return replace(kind, currency=f"={'.'.join(path)}")
