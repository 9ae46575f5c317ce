"""Who may do what, as the roles of a model say it: form by action and field by role.

States and tasks narrow and widen this record by record; they are not in it. `formats.matrix` writes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.printing import as_written
from orderkit.model.forms import Form
from orderkit.model.project import Project
from orderkit.model.rights import Right, is_written, paths_of, seen
from orderkit.model.roles import ADMIN, FormGrant, Role
from orderkit.plan.areas.granting import granted

ACTIONS = ("create", "read", "update", "delete", "export", "print", "import")
FIELD_ACTIONS = ("create", "read", "update")

Rule = bool | Expression


@dataclass(frozen=True, slots=True)
class Cell:
    """On which records a role may: every one (`is_always`), those where a condition holds, or none.

    `masked` says the same of records on which a field shows as a disguised text.
    """

    is_always: bool = False
    conditions: tuple[str, ...] = ()
    masked: "Cell | None" = None

    @property
    def is_never(self) -> bool:
        """Whether there is no such record."""
        return not self.is_always and not self.conditions


@dataclass(frozen=True, slots=True)
class Row:
    """One action on a form, or on one field of it, and what each role may, in the order of the roles."""

    form: str
    field: str | None
    action: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every row, by form, then the form itself before its fields, then action. `admin` may everything and has no column."""

    roles: tuple[str, ...]
    rows: tuple[Row, ...]


def access_matrix(project: Project) -> Matrix:
    """Return what each role of a model may; forms and roles by name, fields in the order of their form."""
    roles = tuple(sorted((role for role in project.roles if role.id != ADMIN), key=lambda role: role.id))
    forms = sorted((form for form in project.forms if form.parent is None), key=lambda form: form.id)
    rows = (row for form in forms for row in _rows(project, form, roles))
    return Matrix(tuple(role.id for role in roles), tuple(rows))


def _rows(project: Project, form: Form, roles: tuple[Role, ...]) -> Iterator[Row]:
    grants = [granted(role, form.id, project).grants for role in roles]
    for action in ACTIONS:
        yield Row(
            form.id, None, action, tuple(_cell(_rule(grant, action) for grant in each) for each in grants)
        )
    for info in paths_of(project, form):
        for action in FIELD_ACTIONS:
            cells = tuple(_of_field(info.path, action, each, is_writable=info.is_writable) for each in grants)
            yield Row(form.id, info.path, action, cells)


def _rule(grant: FormGrant, action: str) -> Rule:
    """Return what a grant says of an action; what is exported or printed must be readable too."""
    match action:
        case "export":
            return grant.read if grant.export else False
        case "print":
            return grant.read if grant.print else False
        case "import":
            return grant.import_
        case _:
            rule: Rule = getattr(grant, action)
            return rule


def _of_field(path: str, action: str, grants: tuple[FormGrant, ...], *, is_writable: bool) -> Cell:
    if action == "update":
        return _updated(path, grants) if is_writable else Cell()
    if action != "read":
        return _cell(_rule(each, action) for each in grants if is_writable and is_written(each, path))
    clear = _cell(_rule(each, action) for each in grants if seen(each, path) is Right.READ)
    masked = _cell(_rule(each, action) for each in grants if seen(each, path) is Right.MASKED)
    if clear.is_always or masked.is_never:
        return clear
    return Cell(clear.is_always, clear.conditions, masked)


def _updated(path: str, grants: tuple[FormGrant, ...]) -> Cell:
    """Return on which records a field may be changed: none on which a grant that reads the record hides it."""
    writing = tuple(each.update for each in grants if is_written(each, path) and each.update is not False)
    readers = tuple(each for each in grants if each.read is not False)
    clear = tuple(each.read for each in readers if seen(each, path) is Right.READ)
    if len(clear) == len(readers) or any(rule is True for rule in clear):
        return _cell(writing)
    shown = [as_written(rule) for rule in clear if not isinstance(rule, bool)]
    read = [as_written(each.read) for each in readers if not isinstance(each.read, bool)]
    if len(read) == len(readers):
        # Who may change a record without reading it is not held up by what others would hide.
        shown.append(" and ".join(f"not ({rule})" for rule in read))
    found = (
        where if rule is True or as_written(rule) == where else f"({as_written(rule)}) and ({where})"
        for rule in writing
        for where in shown
    )
    return Cell(conditions=tuple(dict.fromkeys(found)))


def _cell(rules: Iterable[Rule]) -> Cell:
    """Return the rules of several grants added up."""
    found = [rule for rule in rules if rule is not False]
    if True in found:
        return Cell(is_always=True)
    return Cell(conditions=tuple(dict.fromkeys(as_written(rule) for rule in found if rule is not True)))
