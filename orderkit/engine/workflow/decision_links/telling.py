"""Telling people by mail of a task that has come to them, with the links by which they decide it from there.

`tell_of_tasks` compares tasks and links, so that whoever changes tasks calls it afterwards and says no more. It tells
where the project has a channel for mail and the server knows its own address: everybody finds their tasks in the
inbox anyway. Robots write into groups, where a link would be everybody's, and so carry none.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row, and_, delete, select

from orderkit.database.schema.system_tables import decision_link as links
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine import messages
from orderkit.engine.access.people import people_of
from orderkit.engine.messages import HeldBack, Recipients, Subject
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.step_rows import HELP, find_step
from orderkit.engine.workflow.decision_links.links import make_links
from orderkit.engine.workflow.decision_links.settings import public_address
from orderkit.engine.workflow.decision_links.tokens import PURPOSE, new_mark
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.locating import user_name
from orderkit.engine.workflow.views import TaskState
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.exchange.integrations import Message
from orderkit.model.expressions.nodes import Template, TemplatePart
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Approval

KIND = "~task"
MAIL = "smtp"
APPROVE_URL, REJECT_URL, OPEN_URL = "approve_url", "reject_url", "open_url"

_HEADING = label(zh="待您审批：{title}", en="For you to decide: {title}")
_ASKED_FOR_HELP = label(zh="请您答复：{title}", en="Your answer is wanted: {title}")
_WHO = label(
    zh="{who}提交的“{title}”（{form}）正在“{step}”这一步等您处理。",
    en="“{title}” ({form}), submitted by {who}, waits for you at the step “{step}”.",
)
# Each on a line of its own: what stands before it would else be taken for a part of the address.
_LINKS = label(
    zh="批准：\n{approve_url}\n\n驳回：\n{reject_url}\n\n登录后查看：\n{open_url}\n\n"
    "打开链接不会直接作出决定，页面会先给您看内容再请您确认。链接只供您本人使用，用一次即失效，请勿转发。",
    en="Approve:\n{approve_url}\n\nReject:\n{reject_url}\n\nSign in and look:\n{open_url}\n\n"
    "Opening a link decides nothing: a page shows you what it is about and asks you to confirm. The links are yours "
    "alone and work once; do not pass them on.",
)
_OPEN = label(zh="登录后处理：\n{open_url}", en="Sign in and decide:\n{open_url}")


def tell_of_tasks(unit: Unit, instance: Instance, row: RecordRow) -> None:
    """Tell everybody who has an open task of this visit and was not told yet; links of those who lost one die."""
    address, channel = public_address(unit.runtime), mail_channel(unit.project)
    approval = approval_of(instance)
    if address is None or channel is None or approval is None or not unit.runtime.keys_for(PURPOSE):
        return
    _forget_former(unit, instance)
    found = unit.connection.execute(
        select(tasks, steps.c.step)
        .join(steps, steps.c.id == tasks.c.step_id)
        .outerjoin(links, and_(links.c.task_id == tasks.c.id, links.c.user_id == tasks.c.assignee_id))
        .where(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)
        .where(tasks.c.state == TaskState.OPEN, links.c.id.is_(None))
        .order_by(tasks.c.id)
    ).all()
    reached = _with_address(unit, {each.assignee_id for each in found})
    told = [each for each in found if each.assignee_id in reached]
    if not told:
        return
    digest = protected_digest(approval, row)
    ids = make_links(unit, [(each.id, each.assignee_id, each.protected_digest or digest) for each in told])
    for task, link_id in zip(told, ids, strict=True):
        held_back = HeldBack(link=link_id, mark=new_mark())
        subject = Subject(
            message=_message(unit, instance, approval, row, task, urls(address, row, held_back.mark)),
            row=row,
            key=f"{task.id}/{link_id}",
            held_back=held_back,
        )
        messages.send(unit, subject, Recipients(user_ids=(task.assignee_id,)), [channel])


def mail_channel(project: Project) -> str | None:
    """Return the first channel of a project that reaches one person by mail."""
    for name, connection in project.channels.items():
        found = project.connection_by_id.get(connection)
        if found is not None and found.connector == MAIL:
            return name
    return None


def urls(address: str, row: RecordRow, token: str) -> Mapping[str, str]:
    """Return the addresses that stand in a mail, by the names that texts have for them."""
    decide = f"{address}/decide/{token}"
    return {
        APPROVE_URL: f"{decide}?verb=approve",
        REJECT_URL: f"{decide}?verb=reject",
        OPEN_URL: f"{address}/forms/{quote(row.form)}/{row.id}",
    }


def _forget_former(unit: Unit, instance: Instance) -> None:
    """Let the links die of those whose task is with somebody else by now, so that they stay dead if it comes back."""
    handed_on = (
        select(links.c.id)
        .join(tasks, tasks.c.id == links.c.task_id)
        .where(tasks.c.instance_id == instance.id, tasks.c.assignee_id != links.c.user_id)
    )
    unit.connection.execute(delete(links).where(links.c.id.in_(handed_on)))


def _with_address(unit: Unit, user_ids: set[int]) -> frozenset[int]:
    """Return the active people among these who have an address for mail."""
    if not user_ids:
        return frozenset()
    active = people_of(unit, user_ids)
    return frozenset(
        row.id
        for row in rows_of(unit).load("user", sorted(active))
        if isinstance(row.get("email"), str) and row.get("email")
    )


def _message(  # noqa: PLR0917 - what a mail is about
    unit: Unit,
    instance: Instance,
    approval: Approval,
    row: RecordRow,
    task: Row[Any],
    addresses: Mapping[str, str],
) -> Message:
    step = find_step(approval, task.step)
    is_help = task.kind == HELP
    # What a page has to ask first cannot be decided from a mail.
    has_links = not is_help and step is not None and not step.sign
    title = named(rows_of(unit).title(row.form, row.id))
    heading = _filled(_ASKED_FOR_HELP if is_help else _HEADING, title=title)
    about = _filled(
        _WHO,
        who=named(user_name(unit, instance.submitter_id).name),
        title=title,
        form=unit.project.form_by_id[row.form].label,
        step=named(task.step) if step is None else step.label,
    )
    places = {name: named(each) for name, each in addresses.items()}
    ways = _filled(_LINKS if has_links else _OPEN, **places)
    return Message(
        id=KIND,
        label=label(zh="待办通知", en="Notice of a task"),
        form=row.form,
        subject={language: _plain(text) for language, text in heading.items()},
        text={language: _plain(f"{text}\n\n{text_of(ways, language)}") for language, text in about.items()},
    )


def _filled(words: Label, **parts: Label) -> Label:
    return of_both(text_of(words, "zh"), text_of(words, "en"), **parts)


def _plain(text: str) -> Template:
    return Template(parts=(TemplatePart(text=text),))
