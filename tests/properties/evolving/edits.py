"""Random edits of a small project, and what each does to the rows that are there, told without a database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.properties.evolving.spec import FieldSpec, FormSpec, Spec, form_of, referring, replaced

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[int, Row]]

NAMES = [f"f{n}" for n in range(12)]
FORMS = [f"t{n}" for n in range(8)]
OPTIONS = ["red", "green", "blue", "white"]
CASTS = (
    ("text", "integer"),
    ("text", "decimal"),
    ("text", "date"),
    ("integer", "text"),
    ("integer", "decimal"),
    ("decimal", "text"),
    ("date", "text"),
    ("choice", "text"),
)


class DoesNotFit(Exception):
    """Some rows do not fit the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of a project. `rows` raises DoesNotFit where the migration has to refuse."""

    words: str
    spec: Spec
    rows: Callable[[Rows], Rows]
    allow_drop: frozenset[str] = frozenset()
    loses: bool = False


def fields_of(kinds: tuple[str, ...], scale: st.SearchStrategy[int], targets: list[str], name: str) -> Any:
    def made(kind: str, places: int, target: str, unique: bool, index: bool) -> FieldSpec:
        return FieldSpec(
            id=name,
            kind=kind,
            scale=places,
            target=target if kind == "ref" else "",
            options=tuple(OPTIONS[:2]) if kind == "choice" else (),
            unique=unique and kind in {"text", "integer"},
            index=index,
        )

    usable = kinds if targets else tuple(each for each in kinds if each != "ref")
    return st.builds(
        made,
        st.sampled_from(usable),
        scale,
        st.sampled_from(targets or [""]),
        st.booleans(),
        st.booleans(),
    )


@st.composite
def edits(draw: st.DrawFn, spec: Spec) -> Edit:
    """Draw one edit that the spec allows."""
    form = form_of(spec, draw(st.sampled_from([each.id for each in spec])))
    possible = _possible(spec, form)
    made: Edit = draw(draw(st.sampled_from(possible)))
    return made


def _possible(spec: Spec, form: FormSpec) -> list[st.SearchStrategy[Edit]]:
    free = [name for name in NAMES if name not in {each.id for each in form.fields}]
    free_forms = [name for name in FORMS if name not in {each.id for each in spec}]
    targets = [each.id for each in spec]
    found = [
        fields_of(
            ("text", "integer", "decimal", "money", "boolean", "date", "choice", "ref"),
            st.integers(0, 4),
            targets,
            free[0],
        ).flatmap(lambda each: st.booleans().map(lambda filled: _add(spec, form, each, filled=filled))),
        st.sampled_from(free_forms).map(lambda name: _rename_form(spec, form, name)),
        fields_of(("text", "integer"), st.just(0), [], "f0").map(
            lambda each: _add_form(spec, free_forms[-1], each)
        ),
    ]
    if len(spec) > 1 and not referring(spec, form.id):
        found.append(st.just(_drop_form(spec, form)))
    for each in form.fields:
        found += _of_field(spec, form, each, free[-1])
    return found


def _of_field(spec: Spec, form: FormSpec, each: FieldSpec, free: str) -> list[st.SearchStrategy[Edit]]:
    found = [st.just(_rename(spec, form, each, free))]
    if len(form.fields) > 1:
        found.append(st.just(_drop(spec, form, each)))
    if each.kind in {"decimal", "money"}:
        found.append(st.integers(0, 5).map(lambda places: _scale(spec, form, each, places)))
    if each.kind == "choice":
        found.append(st.just(_rename_option(spec, form, each)))
    if each.kind in {"text", "integer"}:
        found.append(st.just(_unique(spec, form, each)))
    if each.kind not in {"ref", "boolean", "choice"} and not each.unique:
        found.append(st.just(_require(spec, form, each)))
    found += [
        st.just(_cast(spec, form, each, new))
        for old, new in CASTS
        if old == each.kind and not each.required and not each.unique
    ]
    return found


def _edited(spec: Spec, form: FormSpec, new: FormSpec) -> Spec:
    return replaced(spec, form.id, new)


def _each_row(rows: Rows, form: str, change: Callable[[Row], Row]) -> Rows:
    return {**rows, form: {key: change(row) for key, row in rows.get(form, {}).items()}}


def _add(spec: Spec, form: FormSpec, new: FieldSpec, *, filled: bool) -> Edit:
    if filled and new.kind != "ref" and not new.unique:
        new = replace(new, required=True, default=True)
    value = new.default_value if new.required else False if new.kind == "boolean" else None
    return Edit(
        words=f"add {form.id}.{new.id} {new.kind}{' required' if new.required else ''}",
        spec=_edited(spec, form, replace(form, fields=(*form.fields, new))),
        rows=lambda rows: _each_row(rows, form.id, lambda row: {**row, new.id: value}),
    )


def _drop(spec: Spec, form: FormSpec, each: FieldSpec) -> Edit:
    left = tuple(other for other in form.fields if other.id != each.id)
    return Edit(
        words=f"drop {form.id}.{each.id}",
        spec=_edited(spec, form, replace(form, fields=left)),
        rows=lambda rows: _each_row(
            rows, form.id, lambda row: {name: value for name, value in row.items() if name != each.id}
        ),
        allow_drop=frozenset({f"{form.id}.{each.id}"}),
        loses=True,
    )


def _rename(spec: Spec, form: FormSpec, each: FieldSpec, name: str) -> Edit:
    return Edit(
        words=f"rename {form.id}.{each.id} to {name}",
        spec=_edited(spec, form, form.with_field(each.id, id=name, renamed_from=each.id)),
        rows=lambda rows: _each_row(
            rows,
            form.id,
            lambda row: {(name if key == each.id else key): value for key, value in row.items()},
        ),
    )


def _rename_form(spec: Spec, form: FormSpec, name: str) -> Edit:
    renamed = tuple(
        replace(
            other,
            fields=tuple(
                replace(each, target=name) if each.target == form.id else each for each in other.fields
            ),
        )
        for other in replaced(spec, form.id, replace(form, id=name, renamed_from=form.id))
    )
    return Edit(
        words=f"rename form {form.id} to {name}",
        spec=renamed,
        rows=lambda rows: {(name if key == form.id else key): value for key, value in rows.items()},
    )


def _add_form(spec: Spec, name: str, first: FieldSpec) -> Edit:
    return Edit(
        words=f"add form {name}",
        spec=(*spec, FormSpec(id=name, fields=(first,))),
        rows=lambda rows: {**rows, name: {}},
    )


def _drop_form(spec: Spec, form: FormSpec) -> Edit:
    return Edit(
        words=f"drop form {form.id}",
        spec=replaced(spec, form.id, None),
        rows=lambda rows: {key: value for key, value in rows.items() if key != form.id},
        allow_drop=frozenset({form.id}),
        loses=True,
    )


def _scale(spec: Spec, form: FormSpec, each: FieldSpec, places: int) -> Edit:
    def change(row: Row) -> Row:
        value = row[each.id]
        if value is None:
            return row
        fitted = value.quantize(Decimal(1).scaleb(-places))
        if fitted != value:
            raise DoesNotFit(f"{form.id}.{each.id}: {value}")
        return {**row, each.id: fitted}

    return Edit(
        words=f"scale {form.id}.{each.id} {each.scale} to {places}",
        spec=_edited(spec, form, form.with_field(each.id, scale=places)),
        rows=lambda rows: _each_row(rows, form.id, change),
    )


def _rename_option(spec: Spec, form: FormSpec, each: FieldSpec) -> Edit:
    old, new = each.options[0], next(name for name in OPTIONS if name not in each.options)
    options = tuple(new if option == old else option for option in each.options)

    def change(row: Row) -> Row:
        return {**row, each.id: new if row[each.id] == old else row[each.id]}

    return Edit(
        words=f"rename option {form.id}.{each.id}.{old} to {new}",
        spec=_edited(spec, form, form.with_field(each.id, options=options, was=((new, old),))),
        rows=lambda rows: _each_row(rows, form.id, change),
    )


def _unique(spec: Spec, form: FormSpec, each: FieldSpec) -> Edit:
    def check(rows: Rows) -> Rows:
        values = [row[each.id] for row in rows.get(form.id, {}).values() if row[each.id] is not None]
        if not each.unique and len(values) != len(set(values)):
            raise DoesNotFit(f"{form.id}.{each.id} has doubles")
        return rows

    return Edit(
        words=f"{form.id}.{each.id} unique: {not each.unique}",
        spec=_edited(spec, form, form.with_field(each.id, unique=not each.unique)),
        rows=check,
    )


def _require(spec: Spec, form: FormSpec, each: FieldSpec) -> Edit:
    new = replace(each, required=not each.required, default=not each.required)

    def change(row: Row) -> Row:
        is_filled = new.required and row[each.id] is None
        return {**row, each.id: new.default_value if is_filled else row[each.id]}

    return Edit(
        words=f"{form.id}.{each.id} required: {new.required}",
        spec=_edited(spec, form, form.with_field(each.id, required=new.required, default=new.default)),
        rows=lambda rows: _each_row(rows, form.id, change),
    )


def _cast(spec: Spec, form: FormSpec, each: FieldSpec, kind: str) -> Edit:
    scale = 2 if kind == "decimal" else each.scale

    def change(row: Row) -> Row:
        value = row[each.id]
        return row if value is None else {**row, each.id: cast(value, kind, scale)}

    return Edit(
        words=f"{form.id}.{each.id} {each.kind} to {kind}",
        spec=_edited(spec, form, form.with_field(each.id, kind=kind, scale=scale, options=(), default=False)),
        rows=lambda rows: _each_row(rows, form.id, change),
    )


def cast(value: Any, kind: str, scale: int) -> Any:
    """Return a value in another type, or raise DoesNotFit: what `change_type` promises, told plainly."""
    try:
        match kind:
            case "integer":
                return int(value)
            case "decimal":
                number = Decimal(value)
                fitted = number.quantize(Decimal(1).scaleb(-scale))
                if fitted != number:
                    raise DoesNotFit(str(value))
                return fitted
            case "date":
                return date.fromisoformat(value)
            case _ if isinstance(value, Decimal):
                # The shortest exact text: 0.00 becomes 0.
                return f"{value.normalize():f}"
            case _:
                return value.isoformat() if isinstance(value, date) else str(value)
    except (ValueError, ArithmeticError) as error:
        raise DoesNotFit(str(value)) from error
