"""What a browser sent, as values of the form's fields: read by each field's type, faults kept beside.

A field that was not sent is not changed. Rows carry a key that the page made up (`lines.k3.qty`), so
that an answer finds its row again however rows have moved meanwhile; the engine counts rows instead
(`lines.2.qty`). `Decoded.name_of` and `Decoded.path_of` go from one to the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from orderkit.catalog import Catalog
from orderkit.engine.records import LineChange
from orderkit.engine.zones import options_seen
from orderkit.fields.field_type import ATTACHED, Invalid
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.project import Project
from orderkit.web.errors import BadForm

MOST_ROWS = 2000
MOST_NAMES = 40_000
_ROW = re.compile(r"([A-Za-z0-9]{1,24}):(\d{0,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What was sent. `texts` keeps what was typed, by the name under which it was sent."""

    values: Mapping[str, Scalar] = field(default_factory=dict)
    lines: Mapping[str, tuple[LineChange, ...]] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    touched: frozenset[str] | None = None

    def path_of(self, name: str) -> str:
        """Return the engine's path for a name of the page; a row that is gone keeps its name."""
        parts = name.split(".")
        if len(parts) == 3 and parts[1] in self.keys.get(parts[0], ()):
            return f"{parts[0]}.{self.keys[parts[0]].index(parts[1])}.{parts[2]}"
        return name

    def name_of(self, path: str) -> str:
        """Return the page's name for a path of the engine."""
        parts = path.split(".")
        keys = self.keys.get(parts[0], ())
        if len(parts) == 3 and parts[1].isdecimal() and int(parts[1]) < len(keys):
            return f"{parts[0]}.{keys[int(parts[1])]}.{parts[2]}"
        return path

    @property
    def touched_paths(self) -> frozenset[str] | None:
        """What the person typed into, as paths."""
        return None if self.touched is None else frozenset(self.path_of(name) for name in self.touched)


def decode(
    sent: FormData,
    form: Form,
    project: Project,
    catalog: Catalog,
    *,
    is_new: bool,
    zone: ZoneInfo | None = None,
) -> Decoded:
    """Read what was sent for a form. Raises BadForm when it was not made by one of our pages.

    In a new record or row, what is empty and was never typed into counts as not sent, so that its
    default comes. An instant without an offset is on the clock of `zone`, the project's if none is given.
    """
    touched = _touched(sent)
    filled = _filled_rows(sent, touched)
    reader = _Reader(sent, project, catalog, touched, zone or ZoneInfo(project.timezone))
    values = {
        each.id: value
        for each in form.fields
        if may_be_sent(each)
        for value in reader.values(each, name=each.id, path=each.id, is_new=is_new)
    }
    lines: dict[str, tuple[LineChange, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for collection in form.lines:
        if f"{collection.id}.rows" not in sent:
            continue
        # What stands in a new row that nobody typed into are defaults.
        rows = [
            (key, row_id)
            for key, row_id in map(_row, sent.getlist(collection.id))
            if row_id is not None or (collection.id, key) in filled
        ]
        if len(rows) > MOST_ROWS or len({key for key, _ in rows}) != len(rows):
            raise BadForm
        row_form = project.form_by_id[collection.form]
        keys[collection.id] = tuple(key for key, _ in rows)
        lines[collection.id] = tuple(
            LineChange(
                id=row_id,
                values=reader.row(row_form, collection.id, index=index, key=key, is_new=row_id is None),
            )
            for index, (key, row_id) in enumerate(rows)
        )
    return Decoded(
        values=values,
        lines=lines,
        keys=keys,
        texts=reader.texts,
        problems=tuple(reader.problems),
        touched=touched,
    )


def without_untouched_copies(decoded: Decoded, form: Form, project: Project) -> Decoded:
    """Leave out copied values that nobody typed, so that the engine keeps copying them itself."""
    if decoded.touched is None:
        return decoded
    values = {
        name: value
        for name, value in decoded.values.items()
        if form.by_id[name].copy is None or name in decoded.touched
    }
    lines = {
        collection.id: tuple(
            LineChange(
                id=line.id,
                values={
                    name: value
                    for name, value in line.values.items()
                    if project.form_by_id[collection.form].by_id[name].copy is None
                    or f"{collection.id}.{key}.{name}" in decoded.touched
                },
            )
            for key, line in zip(decoded.keys[collection.id], decoded.lines[collection.id], strict=True)
        )
        for collection in form.lines
        if collection.id in decoded.lines
    }
    return Decoded(
        values=values,
        lines=lines,
        keys=decoded.keys,
        texts=decoded.texts,
        problems=decoded.problems,
        touched=decoded.touched,
    )


def may_be_sent(each: Field) -> bool:
    """Return whether a page offers an input for this field, rights aside."""
    return (
        not each.is_derived
        and each.type != "lines"
        and each.workflow is None
        and each.system in {SystemRole.NONE, SystemRole.OWNER}
    )


def may_be_given_to_many(each: Field, catalog: Catalog) -> bool:
    """Return whether one value for many records makes sense, rights aside: not what is unique, nor an attachment."""
    return (
        may_be_sent(each)
        and (each.copy is None or each.editable)
        and not each.unique
        and catalog.fields[each.type].column not in ATTACHED
    )


class _Reader:
    """Reads texts by their field's type and remembers what was typed and what was wrong."""

    def __init__(
        self,
        sent: FormData,
        project: Project,
        catalog: Catalog,
        touched: frozenset[str] | None,
        zone: ZoneInfo,
    ) -> None:
        self.sent = sent
        self.project = project
        self.catalog = catalog
        self.zone = zone
        self.touched = touched
        self.texts: dict[str, str] = {}
        self.problems: list[Problem] = []

    def values(self, each: Field, *, name: str, path: str, is_new: bool) -> tuple[Scalar, ...]:
        """Return the value that was sent under a name: one, or none if it was not sent or cannot be read."""
        texts = [text for text in self.sent.getlist(name) if isinstance(text, str)]
        if not texts:
            return ()
        # A checkbox sends its hidden "false" first, and "true" after it when it is ticked.
        text = ",".join(filter(None, texts)) if isinstance(each.value_type, Many) else texts[-1]
        self.texts[name] = text
        if is_new and not text and self.touched is not None and name not in self.touched:
            return ()
        options = options_seen(each, self.project, self.zone)
        value = self.catalog.fields[each.type].parse(options, text)
        if isinstance(value, Invalid):
            self.problems.append(
                Problem(path=path, code="invalid", message=value.message, help=value.expected)
            )
            return ()
        return (value,)

    def row(self, form: Form, collection: str, *, index: int, key: str, is_new: bool) -> dict[str, Scalar]:
        """Return the values of one row."""
        return {
            each.id: value
            for each in form.fields
            if may_be_sent(each)
            for value in self.values(
                each,
                name=f"{collection}.{key}.{each.id}",
                path=f"{collection}.{index}.{each.id}",
                is_new=is_new,
            )
        }


def _touched(sent: FormData) -> frozenset[str] | None:
    """Return the names that were typed into; None when the page kept no account of it."""
    given = sent.get("touched")
    if not isinstance(given, str) or sent.get("drafted") != "1":
        return None
    names = frozenset(given.split())
    if len(names) > MOST_NAMES:
        raise BadForm
    return names


def _filled_rows(sent: FormData, touched: frozenset[str] | None) -> frozenset[tuple[str, str]]:
    """Return collection and key of the rows into which somebody typed something."""
    names = touched if touched is not None else [name for name, text in sent.multi_items() if text]
    parts = (name.split(".", 2) for name in names)
    return frozenset((each[0], each[1]) for each in parts if len(each) == 3)


def _row(text: object) -> tuple[str, int | None]:
    found = _ROW.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise BadForm
    return found[1], int(found[2]) if found[2] else None
