"""What a role certainly does not see or write, whatever the record. `everyone`'s rights are part of every role's."""

from collections.abc import Iterator

from orderkit.model.expressions.nodes import Expression, Get
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record, Rows
from orderkit.model.forms import Form, FormId
from orderkit.model.project import Project
from orderkit.model.roles import ADMIN, EVERYONE, FormGrant, Role


def grants_on(project: Project, role: Role, form: FormId) -> tuple[FormGrant, ...]:
    """Return what somebody with this role is granted on a form."""
    roles = dict.fromkeys((role.id, EVERYONE))
    found = (project.role_by_id[name].grants.get(form) for name in roles if name in project.role_by_id)
    return tuple(grant for grant in found if grant is not None)


def readers_of(project: Project, role: Role, form: FormId) -> tuple[FormGrant, ...]:
    """Return the grants of a role by which some records of a form may be read."""
    return tuple(grant for grant in grants_on(project, role, form) if grant.read is not False)


def covers(paths: frozenset[str], path: str) -> bool:
    """Whether a set of paths names this one, or the lines it is in."""
    return path in paths or path.partition(".")[0] in paths


def hidden_in(project: Project, role: Role, expression: Expression) -> Iterator[tuple[FormId, str]]:
    """Yield what an expression reads that the role sees on no record: form and path, an empty path for all."""
    if role.id == ADMIN:
        return
    for node in walk(expression):
        if not isinstance(node, Get) or not isinstance(node.base.type, Record) or isinstance(node.type, Rows):
            continue
        form = project.form_by_id.get(node.base.type.form)
        if form is None or form.is_built_in:
            continue
        root, path = from_the_root(project, form, node.field)
        readers = readers_of(project, role, root.id)
        if not readers:
            yield root.id, ""
        elif all(covers(grant.hide, path) or covers(grant.mask, path) for grant in readers):
            yield root.id, path


def from_the_root(project: Project, form: Form, field: str) -> tuple[Form, str]:
    """Return the form that rights are granted on, and the path from there: `order`, `lines.cost`."""
    path = field
    while form.parent is not None:
        path = f"{form.id.rsplit('.', 1)[1]}.{path}"
        form = project.form_by_id[form.parent]
    return form, path
