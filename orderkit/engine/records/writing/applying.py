"""The one write path: access, rules, computing, writing, audit, life cycle, events — in one transaction."""

from collections import defaultdict
from collections.abc import Sequence

from orderkit.engine.records.changes import (
    Applied,
    Change,
    ChangesRefused,
    Create,
    Delete,
    Restore,
    Update,
)
from orderkit.engine.records.documents.deriving import derive
from orderkit.engine.records.documents.document import Document
from orderkit.engine.records.documents.laying import Layer, load_documents
from orderkit.engine.records.documents.rings import check_rings, hold_trees
from orderkit.engine.records.documents.terms import Terms
from orderkit.engine.records.documents.uniqueness import check_uniqueness
from orderkit.engine.records.documents.validating import validate
from orderkit.engine.records.making.keeping import keep_limits
from orderkit.engine.records.writing.auditing import write_audit
from orderkit.engine.records.writing.binning import keep_in_bin
from orderkit.engine.records.writing.numbering import await_numbers
from orderkit.engine.records.writing.recomputing import recompute
from orderkit.engine.records.writing.removing import find_references, in_use
from orderkit.engine.records.writing.restoring import bring_back, check_returning
from orderkit.engine.records.writing.storing import Removal, store
from orderkit.engine.records.writing.telling import tell
from orderkit.engine.records.writing.violations import violations_explained
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.forms import FormId


def apply(
    unit: Unit,
    changes: Sequence[Change],
    *,
    waive: frozenset[str] = frozenset(),
    history: bool = False,
    by_rule: bool = False,
) -> tuple[Applied, ...]:
    """Make all changes or none; return what came of each, in their order.

    Args:
        unit: a writing unit; its person must be granted everything that is asked.
        changes: any number, of any forms; thousands at once cost few statements.
        waive: names of checks that need not hold (`lines.qty.check`, `customer.required`).
        history: records may arrive in any state; no numbering, no life cycle start, no events.
        by_rule: the engine acts on its own account (workflow actions, `save` of an integration):
            access, state locks and `readonly` do not stop it, it may write the state field; the
            rules of the form still hold.
    Raises: NotFound, Denied, Stale, ChangesRefused (a Refused, with every problem of the batch). The
        unit must then be left, or rolled back to a savepoint that stands before the call.
    """
    assert unit.is_writing, "only a unit opened by `Runtime.write` may change records"
    terms = Terms(waive=waive, is_history=history, by_rule=by_rule)
    applied: list[Applied] = []
    try:
        for some in _without_repeats(changes):
            applied.extend(_Batch(unit, some, terms).apply(len(applied)))
    except BaseException:
        rows_of(unit).forget_everything()
        raise
    return tuple(applied)


class _Batch:
    """Changes of which no two are about the same record."""

    def __init__(self, unit: Unit, changes: Sequence[Change], terms: Terms) -> None:
        self.unit = unit
        self.changes = changes
        self.terms = terms
        self.problems: dict[int, list[Problem]] = defaultdict(list)
        self.documents: list[Document] = []
        self.removals: list[Removal] = []

    def apply(self, offset: int) -> list[Applied]:
        """Make the changes; `offset` is the place of the first one in the caller's batch."""
        unit, terms = self.unit, self.terms
        hold_trees(unit, self.changes)
        self._lay()
        derive(unit, self.documents)
        validate(unit, [document for document in self.documents if not document.is_restored], terms)
        check_returning(unit, self.documents)
        check_rings(unit, self.documents)
        leaving = frozenset((row.form, row.id) for removal in self.removals for row in removal.rows())
        check_uniqueness(unit, self.documents, terms, leaving=leaving)
        clearing = self._check_removals()
        self._check_created()
        self._raise_problems(offset)
        self._clear(clearing)
        changed = [document for document in self.documents if document.is_new or document.has_changed]
        keep_in_bin(unit, self.removals)
        with violations_explained(unit):
            touched = store(unit, changed, self.removals)
            elsewhere = recompute(unit, touched)
        keep_limits(unit, changed, elsewhere)
        self._raise_problems(offset)
        if not terms.is_history:
            fresh = (each for each in changed if each.is_new and not each.is_restored)
            await_numbers(unit, (document.top.row for document in fresh))
        write_audit(unit, [*changed, *elsewhere], self.removals)
        tell(unit, [*changed, *elsewhere], self.removals, terms)
        return self._applied({id(document) for document in changed})

    def _lay(self) -> None:
        layer = Layer(self.unit, self.terms)
        rows = self._load()
        for index, change in enumerate(self.changes):
            match change:
                case Create():
                    self.documents.append(layer.create(index, change))
                case Update():
                    self.documents.append(layer.update(index, change, _found(rows, change)))
                case Restore():
                    self.documents.append(bring_back(self.unit, index, change, self.terms))
                case Delete():
                    row = _found(rows, change)
                    layer.delete(change, row)
                    lines = {each.id: list(row.rows(each.id)) for each in row.shape.lines}
                    self.removals.append(Removal(row, index, lines))

    def _load(self) -> dict[tuple[FormId, int], RecordRow]:
        wanted: dict[FormId, set[int]] = defaultdict(set)
        for change in self.changes:
            if not isinstance(change, Create | Restore):
                wanted[change.form].add(change.id)
        return {
            (form_id, row.id): row
            for form_id in sorted(wanted)
            for row in load_documents(self.unit, form_id, wanted[form_id], lock=True)
        }

    def _check_removals(self) -> list[Update]:
        problems, clearing = find_references(self.unit, self.removals, self.documents)
        for index, found in problems.items():
            self.problems[index].extend(found)
        return clearing

    def _clear(self, clearing: Sequence[Update]) -> None:
        """Empty the references that let go; one that a rule of its record demands is still in use."""
        if not clearing:
            return
        try:
            apply(self.unit, clearing, by_rule=True)
        except ChangesRefused as error:
            needing = [clearing[index] for index in error.by_change]
            raise Refused(
                [in_use(self.unit, each.form, next(iter(each.values)), each.id) for each in needing]
            ) from error

    def _check_created(self) -> None:
        layer = Layer(self.unit, self.terms)
        for document in self.documents:
            if document.is_new and not document.is_restored:
                layer.check_created(document)

    def _raise_problems(self, offset: int) -> None:
        for document in self.documents:
            if document.problems and document.index is not None:
                self.problems[document.index].extend(document.problems)
        if self.problems:
            raise ChangesRefused(
                {offset + index: tuple(self.problems[index]) for index in sorted(self.problems)}
            )

    def _applied(self, changed: set[int]) -> list[Applied]:
        by_index = {document.index: document for document in self.documents}
        applied = []
        for index, change in enumerate(self.changes):
            document = by_index.get(index)
            if document is None:
                assert isinstance(change, Delete)
                applied.append(Applied(form=change.form, id=change.id, revision=0, has_changed=True))
                continue
            row = document.top.row
            revision = row.values["revision"]
            assert isinstance(revision, int)
            has_changed = id(document) in changed
            applied.append(Applied(form=row.form, id=row.id, revision=revision, has_changed=has_changed))
        return applied


def _found(rows: dict[tuple[FormId, int], RecordRow], change: Update | Delete) -> RecordRow:
    row = rows.get((change.form, change.id))
    if row is None:
        raise NotFound
    return row


def _without_repeats(changes: Sequence[Change]) -> list[list[Change]]:
    """Return the changes in parts, such that no part changes a record twice."""
    parts: list[list[Change]] = []
    seen: set[tuple[FormId, int]] = set()
    for change in changes:
        key = None if isinstance(change, Create) else (change.form, change.id)
        if not parts or key in seen:
            parts.append([])
            seen = set()
        parts[-1].append(change)
        if key is not None:
            seen.add(key)
    return parts
