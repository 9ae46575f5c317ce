"""Lints: what is right in each part, but doubtful in the whole."""

from collections.abc import Iterable

from orderkit.language.compile.lints.dependencies import fields_read
from orderkit.language.compile.lints.expressions.comparisons import check_comparisons
from orderkit.language.compile.lints.expressions.derivations import check_derivations
from orderkit.language.compile.lints.expressions.divisions import check_divisions
from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.usage import Usage
from orderkit.language.compile.lints.workflows.checking import check_workflows
from orderkit.language.compile.names.settings import BUILT_IN_CHANNEL
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.findings import ERROR, WARNING, Code
from orderkit.language.spec import role as role_words
from orderkit.model.actions import all_actions
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.workflows import Action

TITLE_SHOWS_HIDDEN = Code(
    "OK5003",
    "title-shows-hidden",
    ERROR,
    since="0.1",
    explain="""
    A role hides or masks a field that the form's title shows; whoever sees a reference to the record reads
    its title.
    ~~~yaml bad
    role: sales
    forms: {customer: {read: true, hide: [name]}}
    # customer.yaml
    form: customer
    title: "{code} {name}"
    fields: {code: {type: text}, name: {type: text}}
    ~~~
    ~~~yaml good
    role: sales
    forms: {customer: {read: true, hide: [name]}}
    # customer.yaml
    form: customer
    title: "{code}"
    fields: {code: {type: text}, name: {type: text}}
    ~~~""",
    zh="角色隐藏或脱敏了表单标题里的字段；凡能看到对该记录的引用的人，都会读到标题。",
)
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


def run_lints(lowering: Lowering, project: Project) -> None:
    """Report what is doubtful in a model whose parts are right."""
    linting = Linting(lowering, project, Usage(lowering.compilation.uses))
    check_derivations(lowering)
    check_comparisons(linting)
    check_divisions(linting)
    check_workflows(linting)
    _check_titles(lowering)
    _check_messages(lowering, project)
    _check_connections(lowering, project)


def _check_titles(lowering: Lowering) -> None:
    for declared in lowering.compilation.named.of("role").values():
        written = declared.written
        for key, grant in () if written is None else written[role_words.FORMS] or ():
            form = lowering.forms.get(key.text)
            if form is None:
                continue
            shown = {name for owner, name in fields_read(form.title) if owner == form.id}
            for node in (*(grant[role_words.HIDE] or ()), *(grant[role_words.MASK] or ())):
                if node.text in shown:
                    lowering.reading.report(
                        TITLE_SHOWS_HIDDEN,
                        node,
                        label(
                            zh=f"表单 `{form.id}` 的标题会显示 `{node.text}`",
                            en=f"the title of the form `{form.id}` shows `{node.text}`",
                        ),
                        label(zh="从标题里去掉它", en="take it out of the title"),
                    )


def _check_messages(lowering: Lowering, project: Project) -> None:
    sent = set(_sent(_all_actions(project)))
    sent |= {notice.message for alert in project.alerts for notice in alert.send}
    for declared in lowering.compilation.named.of("message").values():
        if declared.id not in sent and not _has_broken_senders(lowering, project):
            lowering.reading.report(
                UNUSED_MESSAGE,
                declared.id_node,
                label(
                    zh=f"没有动作发送消息 `{declared.id}`", en=f"nothing sends the message `{declared.id}`"
                ),
            )


def _has_broken_senders(lowering: Lowering, project: Project) -> bool:
    """Whether something that may send could not be read, so that nothing can be said of messages."""
    named = lowering.compilation.named
    return len(project.workflows) < len(named.of("workflow")) or any(
        finding.code.severity is not WARNING for finding in lowering.reading.found
    )


def _all_actions(project: Project) -> Iterable[Action]:
    for workflow in project.workflows:
        for transition in workflow.transitions:
            yield from transition.do
            yield from transition.after
        for approval in workflow.approvals:
            for ending in (approval.approved, approval.rejected, approval.returned, approval.withdrawn):
                if ending is not None:
                    yield from ending.after
    for integration in project.integrations:
        yield from integration.on_dead
    for pull in project.pulls:
        yield from pull.on_dead
    for reception in project.receptions:
        yield from reception.on_dead
    for automation in project.automations:
        yield from automation.do
        yield from automation.after


def _sent(actions: Iterable[Action]) -> Iterable[str]:
    """Yield the texts of actions, among them the messages sent and the operations called."""
    for action in all_actions(actions):
        yield from (option for option in action.options.values() if isinstance(option, str))


def _check_connections(lowering: Lowering, project: Project) -> None:
    if any(finding.code.severity is not WARNING for finding in lowering.reading.found):
        return
    used = {integration.connection for integration in project.integrations}
    used |= {pull.connection for pull in project.pulls}
    used |= set(project.channels.values()) - {BUILT_IN_CHANNEL}
    used |= {name.partition(".")[0] for name in _sent(_all_actions(project))}
    for declared in lowering.compilation.named.of("connection").values():
        if declared.id not in used:
            lowering.reading.report(
                UNUSED_CONNECTION,
                declared.id_node,
                label(zh=f"没有用到连接 `{declared.id}`", en=f"nothing uses the connection `{declared.id}`"),
            )
