"""What a person's roles grant with a form, worked out once for all who have the same roles. `deciding` puts it together with records."""

from collections.abc import Mapping
from dataclasses import replace

from orderkit.engine.access.decisions import Action
from orderkit.engine.hooks import StateRights
from orderkit.engine.runtime import Person, Unit
from orderkit.engine.scopes import Scope
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Form, FormId
from orderkit.model.project import Project
from orderkit.model.rights import PathInfo, Right, covers, is_written, paths_of, seen
from orderkit.model.roles import ADMIN, EVERYONE, FormGrant

Rights = Mapping[str, Right]


class _WorkedOut:
    """What follows from the model and a set of roles alone, whoever has them: the process keeps it."""

    def __init__(self) -> None:
        self.by_form: dict[FormId, tuple[FormGrant, ...]] = {}
        self.rights: dict[tuple[object, ...], Rights] = {}


class Grants:
    """What one person is granted."""

    def __init__(self, project: Project, person: Person, worked_out: _WorkedOut) -> None:
        self.project = project
        self.person = person
        self.is_free = person.is_administrator
        self.roles = tuple(role for role in project.roles if role.id in person.roles or role.id == EVERYONE)
        self._by_form = worked_out.by_form
        self._rights = worked_out.rights

    def of_form(self, form_id: FormId) -> tuple[FormGrant, ...]:
        """Return what the roles say about a form."""
        found = self._by_form.get(form_id)
        if found is None:
            found = tuple(role.grants[form_id] for role in self.roles if form_id in role.grants)
            if self.person.scope is not None:
                found = self._narrowed(found, form_id, self.person.scope)
            self._by_form[form_id] = found
        return found

    def _narrowed(
        self, grants: tuple[FormGrant, ...], form_id: FormId, scope: Scope
    ) -> tuple[FormGrant, ...]:
        """Return what a token leaves of grants; an administrator has everything, and so is granted it here."""
        if not scope.covers(form_id):
            return ()
        if ADMIN in self.person.roles:
            grants = (_everything(form_id),)
        if scope.may_write:
            return grants
        return tuple(
            replace(each, create=False, update=False, delete=False, import_=False) for each in grants
        )

    def may_ever(self, form_id: FormId, action: Action) -> bool:
        """Return whether some record of the form may be treated so."""
        return self.is_free or any(rule_of(grant, action) is not False for grant in self.of_form(form_id))

    def rights(
        self,
        form: Form,
        readers: tuple[FormGrant, ...],
        writers: tuple[FormGrant, ...],
        state: StateRights,
    ) -> Rights:
        """Return the right on every path, given the grants that let the person read and write the record."""
        key = (form.id, tuple(map(id, readers)), tuple(map(id, writers)), state)
        found = self._rights.get(key)
        if found is None:
            found = {
                info.path: self._right(info, readers, writers, state) for info in paths_of(self.project, form)
            }
            self._rights[key] = found
        return found

    def _right(
        self,
        info: PathInfo,
        readers: tuple[FormGrant, ...],
        writers: tuple[FormGrant, ...],
        state: StateRights,
    ) -> Right:
        path = info.path
        if self.is_free:
            right = Right.WRITE if info.is_writable or info.is_owner else Right.READ
        else:
            right = max((seen(grant, path) for grant in readers), default=Right.HIDDEN)
            # Whoever writes a field is shown it. A role that grants the change but not the reading of this
            # record must not open what another role, which grants the reading, hides.
            may_write = right is Right.READ or not readers
            if may_write and info.is_writable and any(is_written(grant, path) for grant in writers):
                right = Right.WRITE
        if self.person.is_system:
            return right
        if right < Right.READ and covers(state.shown, path):
            right = Right.READ
        if right is Right.WRITE and state.limit is not None and not covers(state.limit, path):
            right = Right.READ
        if right is Right.READ and info.is_writable and covers(state.granted, path):
            right = Right.WRITE
        if right is Right.WRITE and is_locked(state.locked, path):
            right = Right.READ
        return right


class _GrantsOfPeople(dict[Person, Grants]):
    pass


class _OfRoles(dict[tuple[bool, frozenset[str], Scope | None], _WorkedOut]):
    pass


# More sets of roles than a company has: who gives and takes roles for long does not fill the memory.
_MOST_SETS = 1_000


def grants_of(unit: Unit, person: Person) -> Grants:
    """Return what a person is granted, kept for the unit."""
    known = unit.keep(_GrantsOfPeople, _GrantsOfPeople)
    found = known.get(person)
    if found is None:
        found = known[person] = Grants(unit.project, person, _worked_out(unit, person))
    return found


def _worked_out(unit: Unit, person: Person) -> _WorkedOut:
    kept = unit.runtime.keep(_OfRoles, _OfRoles)
    key = (person.is_system, person.roles, person.scope)
    found = kept.get(key)
    if found is None:
        if len(kept) >= _MOST_SETS:
            kept.clear()
        found = kept[key] = _WorkedOut()
    return found


def _everything(form_id: FormId) -> FormGrant:
    return FormGrant(
        form=form_id,
        create=True,
        read=True,
        update=True,
        delete=True,
        export=True,
        print=True,
        import_=True,
    )


def rule_of(grant: FormGrant, action: Action) -> bool | Expression:
    """Return the rule of a grant for an action, apart from the read that export and print need too."""
    match action:
        case Action.CREATE:
            return grant.create
        case Action.READ:
            return grant.read
        case Action.UPDATE:
            return grant.update
        case Action.DELETE:
            return grant.delete
        case Action.EXPORT:
            return grant.read if grant.export else False
        case Action.PRINT:
            return grant.read if grant.print else False
        case Action.IMPORT:
            return grant.import_


def is_locked(locked: frozenset[str], path: str) -> bool:
    """Return whether a path may not be written because of what is locked: rows come and go by their collection."""
    return covers(locked, path) or any(each.startswith(f"{path}.") for each in locked)


def shows(grant: FormGrant, path: str) -> bool:
    """Return whether a grant shows a field unmasked."""
    return seen(grant, path) is Right.READ
