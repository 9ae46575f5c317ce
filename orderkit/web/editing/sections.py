"""The sections of a record while it is filled in: fields with their states, and tables of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orderkit.engine.access import Right
from orderkit.engine.records import Draft, DraftLine, FieldState
from orderkit.model.errors import Problem
from orderkit.model.forms import Collection, Field, Form, Section
from orderkit.model.labels import text_of
from orderkit.model.project import Project
from orderkit.web.display.fields import FREE, FieldValue, FieldView, FieldViews
from orderkit.web.editing.decoding import MOST_ROWS, Decoded
from orderkit.web.editing.sums import sums_of
from orderkit.web.section_plan import is_total, sections_of

READ_ONLY = FieldState(is_visible=True, is_required=False, is_readonly=True)
NEW_KEY = "__key__"
FIRST_KEY = "n0"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One row: `key` names it on the page, `id` is empty for a new one."""

    key: str
    id: str
    cells: tuple[FieldView, ...]

    @property
    def has_problem(self) -> bool:
        """Whether something is wrong in it: on a phone it is then open."""
        return any(cell.problem for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesEditor:
    """A table of rows. `template` is the row that a new one is made from.

    `sums` has the places of the sum under each column, None where adding up would say nothing.
    """

    name: str
    label: str
    problem: str
    columns: tuple[FieldView, ...]
    rows: tuple[LineRow, ...]
    template: LineRow
    may_change: bool
    has_many_columns: bool
    sums: tuple[int | None, ...]
    most_rows: int = MOST_ROWS

    @property
    def has_sums(self) -> bool:
        """Whether there is anything to add up."""
        return any(each is not None for each in self.sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSection:
    """A titled group. `totals` stand below the rows."""

    label: str
    tab: str
    columns: int
    is_collapsed: bool
    fields: tuple[FieldView, ...]
    lines: tuple[LinesEditor, ...]
    totals: tuple[FieldView, ...]


class SectionsEditor:
    """Makes the sections of one draft. `problems` by the page's names; `decoded` is what was typed."""

    def __init__(
        self,
        *,
        project: Project,
        views: FieldViews,
        form: Form,
        draft: Draft,
        line_rights: Mapping[str, Right],
        decoded: Decoded,
        problems: Mapping[str, str],
    ) -> None:
        self.project = project
        self.views = views
        self.form = form
        self.draft = draft
        self.line_rights = line_rights
        self.decoded = decoded
        self.problems = problems

    def sections(self) -> tuple[EditSection, ...]:
        """Return the sections that have anything to show."""
        made = (self._section(section) for section in sections_of(self.form))
        return tuple(section for section in made if section.fields or section.lines or section.totals)

    def keys(self) -> dict[str, tuple[str, ...]]:
        """Return the page's names of the rows of each collection."""
        return {name: tuple(self._keys(name)) for name in self.draft.lines}

    def _keys(self, collection: str) -> Sequence[str]:
        rows = self.draft.lines.get(collection, ())
        return self.decoded.keys.get(collection) or [f"r{index}" for index in range(len(rows))]

    def _section(self, section: Section) -> EditSection:
        fields = [self.form.by_id[each] for each in section.fields if each in self.form.by_id]
        collections = [
            self.form.collection_by_id[each.id]
            for each in fields
            if each.type == "lines" and self._is_known(each)
        ]
        shown = [each for each in fields if each.type != "lines" and self._is_known(each)]
        totals = [each for each in shown if collections and is_total(each)]
        views = tuple(self._field(each) for each in shown if each not in totals)
        return EditSection(
            label=text_of(section.label, self.views.locale),
            tab=text_of(section.tab, self.views.locale) if section.tab else "",
            columns=section.columns,
            is_collapsed=section.collapsed and not any(view.problem for view in views),
            fields=views,
            lines=tuple(self._lines(collection) for collection in collections),
            totals=tuple(self._field(each) for each in totals),
        )

    def _is_known(self, each: Field) -> bool:
        return each.id in self.draft.states or each.id in self.draft.values

    def _field(self, each: Field) -> FieldView:
        state = self.draft.states.get(each.id, READ_ONLY)
        value = FieldValue(
            value=self.draft.values.get(each.id),
            title=self.draft.titles.get(each.id),
            file=self.draft.files.get(each.id),
            items=self.draft.items.get(each.id, ()),
            unit=self.draft.units.get(each.id, ""),
            text=self._kept_text(each.id),
            problem=self.problems.get(each.id, ""),
            state=state,
            is_touched=self._is_touched(each.id),
        )
        return self.views.view(self.form, each, value, name=each.id)

    def _kept_text(self, name: str) -> str | None:
        """Return what was typed where it could not be read, so that it can be put right."""
        return self.decoded.texts.get(name) if name in self.problems else None

    def _is_touched(self, name: str) -> bool:
        return self.decoded.touched is not None and name in self.decoded.touched

    def _lines(self, collection: Collection) -> LinesEditor:
        form = self.project.form_by_id[collection.form]
        rows = self.draft.lines.get(collection.id, ())
        state = self.draft.states.get(collection.id, FREE)
        fields = [each for each in form.fields if self._is_column(collection, each, rows)]
        keys = self._keys(collection.id)
        template = self._row(
            collection, fields, key=NEW_KEY, row=None, index=0, may_change=not state.is_readonly
        )
        shown = tuple(
            self._row(collection, fields, key=key, row=row, index=index, may_change=not state.is_readonly)
            for index, (key, row) in enumerate(zip(keys, rows, strict=True))
        )
        if not shown and not state.is_readonly:
            # An empty table begins with a row to type into; left empty, it is not sent on.
            shown = (self._row(collection, fields, key=FIRST_KEY, row=None, index=0, may_change=True),)
        return LinesEditor(
            name=collection.id,
            label=self.views.label(self.form.by_id[collection.id]),
            problem=self.problems.get(collection.id, ""),
            columns=template.cells,
            rows=shown,
            template=template,
            may_change=not state.is_readonly,
            has_many_columns=len(fields) > 6,
            sums=sums_of(form, fields),
        )

    def _is_column(self, collection: Collection, each: Field, rows: Sequence[DraftLine]) -> bool:
        if each.system:
            return False
        if rows:
            return any(each.id in row.values for row in rows)
        return self.line_rights.get(f"{collection.id}.{each.id}", Right.HIDDEN) > Right.HIDDEN

    def _row(
        self,
        collection: Collection,
        fields: Sequence[Field],
        *,
        key: str,
        row: DraftLine | None,
        index: int,
        may_change: bool,
    ) -> LineRow:
        form = self.project.form_by_id[collection.form]
        cells: list[FieldView] = []
        for each in fields:
            name = f"{collection.id}.{key}.{each.id}"
            state = self.draft.states.get(f"{collection.id}.{index}.{each.id}")
            if state is None:
                state = FieldState(is_visible=True, is_required=each.required, is_readonly=each.readonly)
            if not may_change and row is None:
                state = replace(state, is_readonly=True)
            value = FieldValue(
                value=None if row is None else row.values.get(each.id),
                title=None if row is None else row.titles.get(each.id),
                file=None if row is None else row.files.get(each.id),
                items=() if row is None else row.items.get(each.id, ()),
                unit="" if row is None else row.units.get(each.id, ""),
                text=self._kept_text(name),
                problem=self.problems.get(name, ""),
                state=state,
                is_touched=self._is_touched(name),
            )
            cells.append(self.views.view(form, each, value, name=name, is_cell=True))
        row_id = "" if row is None or row.id is None else str(row.id)
        return LineRow(key=key, id=row_id, cells=tuple(cells))


def problems_by_name(
    problems: Sequence[Problem], decoded: Decoded, locale: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return problems by the page's names, the first of each; and those of no field, for the page's head."""
    by_name: dict[str, str] = {}
    elsewhere: list[str] = []
    for problem in problems:
        text = text_of(problem.message, locale)
        if problem.help is not None:
            joint = "，" if locale.startswith("zh") else "; "
            text = f"{text}{joint}{text_of(problem.help, locale)}"
        if problem.path:
            by_name.setdefault(decoded.name_of(problem.path), text)
        else:
            elsewhere.append(text)
    return by_name, tuple(elsewhere)
