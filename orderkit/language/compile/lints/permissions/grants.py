"""A lint: a grant that grants nothing."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.findings import WARNING, Code
from orderkit.language.spec.kinds import role as words
from orderkit.model.labels import label
from orderkit.model.roles import FormGrant

GRANTS_NOTHING = Code(
    "OK5013",
    "grants-nothing",
    WARNING,
    since="0.1",
    explain="""
    A role names a form, but grants nothing on it: without `read`, `create`, `update` or `delete` the rest
    says nothing.
    ~~~yaml bad
    role: clerk
    forms: {order: {hide: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~
    ~~~yaml good
    role: clerk
    forms: {order: {read: true, hide: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~""",
    zh="角色写了一个表单，却什么也没授予：没有 `read`、`create`、`update` 或 `delete`，其余的都没有意义。",
)


def check_grants(linting: Linting) -> None:
    """Report forms on which a role is granted nothing."""
    for role in linting.project.roles:
        written = linting.certain("role", role.id)
        if written is None:
            continue
        for key, _ in written[words.FORMS] or ():
            grant = role.grants.get(key.text)
            if grant is not None and is_nothing(grant):
                linting.report(
                    GRANTS_NOTHING,
                    key,
                    label(
                        zh=f"角色 `{role.id}` 在 `{key.text}` 上什么权限也没有",
                        en=f"the role `{role.id}` is granted nothing on `{key.text}`",
                    ),
                    label(zh="加上 `read: true`，或删掉这一项", en="add `read: true`, or delete this"),
                )


def is_nothing(grant: FormGrant) -> bool:
    """Whether a grant lets nobody do anything."""
    return all(right is False for right in (grant.create, grant.read, grant.update, grant.delete))
