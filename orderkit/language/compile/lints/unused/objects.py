"""Lints: objects that nothing names, such as messages that nothing sends."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.grants import is_nothing
from orderkit.language.findings import WARNING, Code
from orderkit.language.spec.kinds import role as role_words
from orderkit.model.labels import Label, label

UNUSED_MESSAGE = Code(
    "OK9001",
    "unused-message",
    WARNING,
    since="0.1",
    explain="""
    Nothing sends a message.
    ~~~yaml bad
    message: hello
    for: order
    text: "Hello {name}"
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="没有任何地方发送这条消息。",
)
UNUSED_CONNECTION = Code(
    "OK9002",
    "unused-connection",
    WARNING,
    since="0.1",
    explain="""
    No integration and no channel uses a connection.
    ~~~yaml bad
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    ~~~
    ~~~yaml good
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    # orderkit.yaml
    project: shop
    channels: {inbox: built_in, email: mail}
    ~~~""",
    zh="没有任何集成或渠道使用这个连接。",
)
UNUSED_ROLE = Code(
    "OK9010",
    "unused-role",
    WARNING,
    since="0.1",
    explain="""
    A role grants nothing, and nothing names it: to have it or not makes no difference.
    ~~~yaml bad
    role: intern
    ~~~
    ~~~yaml good
    role: intern
    forms: {order: {read: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="角色什么权限也没有，也没有任何地方提到它：有没有它都一样。",
)
UNUSED_REPORT = Code(
    "OK9011",
    "unused-report",
    WARNING,
    since="0.1",
    explain="""
    No role, no dashboard and no menu shows a report, and no alert or message speaks of it, so only administrators who know its address find it.
    A project without a menu shows all its reports.
    ~~~yaml bad
    report: counts
    from: order
    measures: {orders: {agg: count}}
    # main.yaml
    menu: main
    items: [{form: order}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    report: counts
    from: order
    measures: {orders: {agg: count}}
    # clerk.yaml
    role: clerk
    forms: {order: {read: true}}
    reports: [counts]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="没有角色、看板或菜单显示这个报表，也没有预警或消息用到它，只有知道地址的管理员找得到它。没有 `menu` 的项目会显示全部。",
)
UNUSED_DASHBOARD = Code(
    "OK9012",
    "unused-dashboard",
    WARNING,
    since="0.1",
    explain="""
    No role and no menu shows a dashboard, so only administrators who know its address find it. A project
    without a menu shows all its dashboards.
    ~~~yaml bad
    dashboard: overview
    tiles: [{list: order}]
    # main.yaml
    menu: main
    items: [{form: order}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    dashboard: overview
    tiles: [{list: order}]
    # main.yaml
    menu: main
    items: [{dashboard: overview}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="没有角色或菜单显示这个看板，只有知道地址的管理员找得到它。没有 `menu` 的项目会显示全部。",
)
_SEARCHED: dict[str, tuple[Code, Label]] = {
    "message": (UNUSED_MESSAGE, label(zh="没有动作发送消息 `{id}`", en="nothing sends the message `{id}`")),
    "connection": (
        UNUSED_CONNECTION,
        label(zh="没有用到连接 `{id}`", en="nothing uses the connection `{id}`"),
    ),
    "report": (
        UNUSED_REPORT,
        label(
            zh="没有角色、看板或菜单显示报表 `{id}`", en="no role, dashboard or menu shows the report `{id}`"
        ),
    ),
    "dashboard": (
        UNUSED_DASHBOARD,
        label(zh="没有角色或菜单显示看板 `{id}`", en="no role or menu shows the dashboard `{id}`"),
    ),
}
_IN_MENUS = ("report", "dashboard")


def check_unused_objects(linting: Linting) -> None:
    """Report objects that nothing names. A kind that is searched for is a line in the table above."""
    if linting.wrong_files:
        return
    channels = set(linting.project.channels.values())
    for kind, (code, headline) in _SEARCHED.items():
        if kind in _IN_MENUS and not linting.project.menus:
            continue  # without a menu, the navigation shows all of them
        for declared in linting.named.of(kind).values():
            is_channel = kind == "connection" and declared.id in channels
            if not is_channel and not linting.usage.references(kind, declared.id):
                text = {lang: each.format(id=declared.id) for lang, each in headline.items()}
                linting.report(code, declared.id_node, text)
    _check_roles(linting)


def _check_roles(linting: Linting) -> None:
    for declared in linting.named.of("role").values():
        role = linting.project.role_by_id.get(declared.id)
        if role is None or declared.written is None or declared.id in ("admin", "everyone"):
            continue
        shown = (role.reports, role.dashboards, role.analytics, linting.usage.references("role", role.id))
        has_rights = any(not is_nothing(grant) for grant in role.forms)
        if role_words.FORMS in declared.written or has_rights or any(shown):
            continue
        linting.report(
            UNUSED_ROLE,
            declared.id_node,
            label(
                zh=f"角色 `{role.id}` 没有权限，也没有地方提到它",
                en=f"the role `{role.id}` grants nothing, and nothing names it",
            ),
            label(zh="给它 `forms:`，或删掉它", en="give it `forms`, or delete it"),
        )
