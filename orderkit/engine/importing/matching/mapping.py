"""A mapping made ready for reading: which heading fills which field, and how references are found.

Made from an `import:` of the project, or for a form without one from its own fields and labels.
`reading` says what a cell holds, `rows` turns rows into drafts with the plan made here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType

from orderkit.engine.importing.reading.cells import heading_key
from orderkit.model.errors import NotFound
from orderkit.model.exchange.imports import ImportMapping
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Find, Get, Literal, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import File, Many
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole
from orderkit.model.labels import Label, label
from orderkit.model.project import Project

_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one value comes from: `assigned` wins over the column, `default` fills what stays empty.

    `field` reads the cell; for a path through a reference (`customer.code`) it is the target's.
    `headings` are alternatives, of which a sheet needs one.
    """

    path: str
    field: Field
    headings: tuple[str, ...] = ()
    texts: Mapping[str, str] = dataclass_field(default_factory=dict)
    assigned: Expression | None = None
    default: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One field that is filled: from its own source, or a reference from parts of its target.

    `keys` are fields of the target: with a source of its own those that are tried one after the
    other, else the parts that find it together. The other parts are what a new one is made with.
    """

    path: str
    field: Field
    source: Source | None = None
    parts: tuple[Source, ...] = ()
    target: FormId | None = None
    keys: tuple[FieldId, ...] = ()
    may_create: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of this slot."""
        return self.parts if self.source is None else (self.source, *self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a row says about the record (`collection` is ``), or about one of its lines. `title` names it."""

    collection: str
    title: Label
    form: Form
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A mapping made ready. `matches` are alternatives of fields that recognise a record.

    `paths_by_heading` says what the mapping fills from the headings that its rules may name, where somebody
    chose other columns than those; `filled_with` which paths get the same column as another one.
    """

    id: str
    label: Label
    form: Form
    record: Level
    lines: tuple[Level, ...]
    matches: tuple[tuple[FieldId, ...], ...]
    sheet: str | None = None
    header_rows: tuple[int, ...] = ()
    where: Expression | None = None
    is_history: bool = False
    waive: frozenset[str] = frozenset()
    is_from_form: bool = False
    paths_by_heading: Mapping[str, str] = dataclass_field(default_factory=dict)
    filled_with: Mapping[str, str] = dataclass_field(default_factory=dict)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The record first, then its collections."""
        return (self.record, *self.lines)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of every level."""
        return tuple(s for level in self.levels for slot in level.slots for s in slot.sources)

    @property
    def headings_in_expressions(self) -> tuple[str, ...]:
        """The headings that expressions read from the row, in order."""
        found: dict[str, None] = {}
        for expression in (self.where, *(each for s in self.sources for each in (s.assigned, s.default))):
            if expression is not None:
                found.update(dict.fromkeys(headings_of(expression)))
        return tuple(found)


def headings_of(expression: Expression) -> tuple[str, ...]:
    """Return the headings that an expression reads: `row['订单号']` reads `订单号`."""
    return tuple(dict.fromkeys(field for root, field in _gets(expression) if root == "row"))


def fields_of(expression: Expression) -> tuple[FieldId, ...]:
    """Return the fields of the imported record or line that an expression reads."""
    return tuple(dict.fromkeys(field for root, field in _gets(expression) if root == "record"))


def as_named(expression: Expression | None) -> Expression | None:
    """Return the text by which a literal names a record (`customer: WALKIN`), which is a `find` in the model.

    As a text it is looked up like those in the file: one that is not found is a problem, or is made.
    """
    match expression:
        case Find(
            where=Binary(
                operator=BinaryOperator.EQUAL, left=Get(base=Root()), right=Literal(value=str()) as named
            ),
            by=None,
        ):
            return named
        case _:
            return expression


def plan_of(project: Project, name: str) -> Plan:
    """Return the plan of a mapping, or for the id of a form the plan that its fields make.

    Raises: NotFound.
    """
    if name in project.import_by_id:
        return plan_of_mapping(project, project.import_by_id[name])
    form = project.form_by_id.get(name)
    if form is None or form.parent is not None:
        raise NotFound(label(zh=f"没有导入模板或表单“{name}”", en=f"there is no import or form `{name}`"))
    return plan_of_form(project, form)


def plan_of_mapping(project: Project, mapping: ImportMapping) -> Plan:
    """Return the plan of a mapping of the project, or of one that somebody chose the columns of."""
    form = project.form_by_id[mapping.form]
    paths = dict.fromkeys(
        (*(c.field for c in mapping.columns), *(p for p, _ in mapping.set), *(p for p, _ in mapping.default))
    )
    headings = {column.field: column.heading for column in mapping.columns}
    assigned, default = dict(mapping.set), dict(mapping.default)

    def source(path: str, field: Field) -> Source:
        return Source(
            path=path,
            field=field,
            headings=(headings[path],) if path in headings else (),
            texts=mapping.values.get(path, _NO_TEXTS),
            assigned=as_named(assigned.get(path)),
            default=as_named(default.get(path)),
        )

    collections = {c.id: project.form_by_id[c.form] for c in form.lines}
    by_level: dict[str, dict[FieldId, list[tuple[str, str | None]]]] = {"": {}}
    for path in paths:
        first, *rest = path.split(".")
        collection, steps = (first, rest) if first in collections else ("", [first, *rest])
        by_level.setdefault(collection, {}).setdefault(steps[0], []).append(
            (path, steps[1] if len(steps) > 1 else None)
        )
    levels = []
    for collection, fields in by_level.items():
        own = collections.get(collection, form)
        prefix = f"{collection}." if collection else ""
        slots = []
        for field_id, entries in fields.items():
            field = own.by_id[field_id]
            target = field.target
            parts = tuple(
                source(path, project.form_by_id[target].by_id[part])
                for path, part in entries
                if part is not None and target is not None
            )
            plain = next((source(path, field) for path, part in entries if part is None), None)
            slots.append(
                Slot(
                    path=f"{prefix}{field_id}",
                    field=field,
                    source=plain,
                    parts=parts,
                    target=target,
                    keys=_keys(project, target, () if plain is not None else parts),
                    may_create=f"{prefix}{field_id}" in mapping.create_missing,
                )
            )
        title = form.by_id[collection].label if collection else form.label
        levels.append(Level(collection=collection, title=title, form=own, slots=tuple(slots)))
    return Plan(
        id=mapping.id,
        label=mapping.label,
        form=form,
        record=levels[0],
        lines=tuple(levels[1:]),
        matches=(tuple(path.split(".")[0] for path in mapping.match),) if mapping.match else (),
        sheet=mapping.sheet,
        header_rows=mapping.header_rows,
        where=mapping.where,
        is_history=mapping.is_history,
        waive=mapping.waive,
    )


def plan_of_form(project: Project, form: Form) -> Plan:
    """Return the plan that the fields of a form make."""
    record = _own_level(project, form, "", form.label)
    taken = {heading_key(h) for slot in record.slots for s in slot.sources for h in s.headings}
    lines = tuple(
        _own_level(project, project.form_by_id[c.form], c.id, form.by_id[c.id].label, taken)
        for c in form.lines
        if c.id in form.by_id
    )
    number = [(f.id,) for f in form.fields if f.system is SystemRole.NUMBER]
    single = [(f.id,) for f in form.fields if f.unique and f.system is SystemRole.NONE]
    return Plan(
        id=form.id,
        label=form.label,
        form=form,
        record=record,
        lines=lines,
        matches=(*number, *single, *form.unique),
        is_from_form=True,
    )


def _own_level(project: Project, form: Form, collection: str, of: Label, taken: Iterable[str] = ()) -> Level:
    """Return a level with a slot for every field that people may fill, under its id and labels.

    The headings of lines may begin with the label of their collection; a heading that the record
    has too is theirs only with it.
    """
    slots = []
    prefix = f"{collection}." if collection else ""
    known = set(taken)
    for field in form.fields:
        if not field.is_stored or field.is_derived or field.value_type in (File(), Many(File())):
            continue
        if field.system not in {SystemRole.NONE, SystemRole.NUMBER}:
            continue
        names = (field.id, *field.label.values())
        headings = [name for name in names if heading_key(name) not in known]
        if collection:
            headings += [f"{title}.{name}" for title in (collection, *of.values()) for name in names]
        target = field.target
        slots.append(
            Slot(
                path=f"{prefix}{field.id}",
                field=field,
                source=Source(
                    path=f"{prefix}{field.id}", field=field, headings=tuple(dict.fromkeys(headings))
                ),
                target=target,
                keys=_keys(project, target, ()),
            )
        )
    return Level(collection=collection, title=of, form=form, slots=tuple(slots))


def _keys(project: Project, target: FormId | None, parts: tuple[Source, ...]) -> tuple[FieldId, ...]:
    if target is None:
        return ()
    form = project.form_by_id[target]
    given = [part.field.id for part in parts]
    if not given:
        return keys_of(form)
    unique = _unique_texts(form)
    single = [field for field in given if field in unique]
    if single:
        return (single[0],)
    group = next((each for each in form.unique if set(each) <= set(given)), None)
    return group if group is not None else tuple(given)


def keys_of(form: Form) -> tuple[FieldId, ...]:
    """Return the fields by which people name a record of a form, the surest first."""
    return tuple(dict.fromkeys((*_unique_texts(form), *_title_fields(form))))


def _unique_texts(form: Form) -> list[FieldId]:
    return [
        f.id
        for f in form.fields
        if f.type == "text" and f.is_stored and (f.unique or f.system is SystemRole.NUMBER)
    ]


def _title_fields(form: Form) -> tuple[FieldId, ...]:
    """Return the text fields that stand in the title: what people know a record by."""
    found = []
    for part in form.title.parts:
        match part.expression:
            case Get(base=Root(name="record"), field=field):
                if form.by_id[field].type == "text" and form.by_id[field].is_stored:
                    found.append(field)
            case _:
                continue
    return tuple(found)


def _gets(expression: Expression) -> Iterator[tuple[str, str]]:
    """Yield (root, field) of every field that is read straight from a root, in order."""
    for node in walk(expression):
        if isinstance(node, Get) and isinstance(node.base, Root):
            yield node.base.name, node.field
