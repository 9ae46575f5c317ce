"""What a document reads: records, and what they refer to, each as the person who prints may see it.

A template asks for one thing after another; what is asked of one record of several is read for all of them,
so that a table of a hundred rows takes as many statements as one of two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from orderkit.engine.access import Action, decide
from orderkit.engine.records import RecordView
from orderkit.engine.records.reading.viewing import view_rows
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.forms import Form, FormId
from orderkit.model.labels import label

MOST_READ = 20_000
"""How many records one printing reads: more would be a report, not a document."""


class Reader:
    """Reads records for one printing. What the person may not see is not there."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._known: dict[tuple[FormId, int], RecordView | None] = {}
        self._counted = 0

    def records(self, form_id: FormId, ids: Iterable[int]) -> Mapping[int, RecordView]:
        """Return those of these records that the person may see, by id. Raises Refused for too many."""
        wanted = tuple(dict.fromkeys(ids))
        missing = [each for each in wanted if (form_id, each) not in self._known]
        if missing:
            self._count(len(missing))
            self._known.update({(form_id, each): None for each in missing})
            for view in self._views(rows_of(self.unit).load(form_id, missing)):
                self._known[form_id, view.id] = view
        found = ((each, self._known[form_id, each]) for each in wanted)
        return {each: view for each, view in found if view is not None}

    def referring(
        self, form: Form, collection_id: str, ids: Sequence[int]
    ) -> Mapping[int, tuple[RecordView, ...]]:
        """Return the visible records of a collection, by the id of the record of `form` that they refer to."""
        collection = form.collection_by_id[collection_id]
        store = rows_of(self.unit)
        parents = store.load(form.id, ids)
        store.load_rows(parents, collection.id)
        rows = {row.id: row.rows(collection.id) for row in parents}
        found = self.records(collection.form, (each.id for some in rows.values() for each in some))
        return {
            parent: tuple(found[each.id] for each in some if each.id in found)
            for parent, some in rows.items()
        }

    def _views(self, rows: Sequence[RecordRow]) -> Iterable[RecordView]:
        unit = self.unit
        allowed = [row for row in rows if decide(unit.person, Action.READ, row.form, row, unit=unit)]
        if not allowed:
            return ()
        shape = allowed[0].shape
        if shape.parent is None:
            return view_rows(unit, allowed, with_lines=True)
        return self._lines(shape, allowed)

    def _lines(self, shape: Form, rows: Sequence[RecordRow]) -> Iterable[RecordView]:
        """Return rows of lines, which are seen through the record that they belong to."""
        assert shape.parent is not None
        assert shape.parent_field is not None
        by_parent: dict[int, set[int]] = defaultdict(set)
        for row in rows:
            parent = row.get(shape.parent_field.id)
            if isinstance(parent, int):
                by_parent[parent].add(row.id)
        inner = shape.id.rsplit(".", 1)[1]
        parents = self.records(shape.parent, by_parent)
        return [
            line
            for parent, view in parents.items()
            for line in view.lines.get(inner, ())
            if line.id in by_parent[parent]
        ]

    def _count(self, number: int) -> None:
        self._counted += number
        if self._counted > MOST_READ:
            raise Refused(
                [
                    Problem(
                        path="ids",
                        code="too_many",
                        message=label(
                            zh=f"这份单据要读取的记录超过 {MOST_READ} 条，请少选几条",
                            en=f"this document reads more than {MOST_READ} records; choose fewer",
                        ),
                    )
                ]
            )
