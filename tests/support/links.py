"""A project that writes mails to its approvers, and the links that stand in them."""

import re
from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from sqlalchemy import select

from orderkit.database.schema.system_tables import job
from orderkit.engine.workflow.decision_links import with_token
from orderkit.model.project import Project
from tests.engine.workflow.reviewing import FORM, LEAD, NAMES, POLICY, ROLES, WORKFLOW
from tests.support.office import Office, Staff
from tests.support.projects import project

ADDRESS = "https://orders.example.com"
KEYS = (b"the key in use, of 32 bytes or so", b"the key before it, of 32 bytes..")
ROOT = """
project: works
label: {zh: 工坊, en: Works}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
channels: {inbox: built_in, email: mail}
"""
GUARDED = ROOT + "sign_in: {second_factor: [odd]}\n"
MAIL = """
connection: mail
connector: smtp
settings: {host: 127.0.0.1, port: "${MAIL_PORT}", starttls: false, from: works@example.com}
"""
STAFF = (
    *tuple(
        Staff(login=login, roles=roles, values={"email": f"{login}@example.com", **more})
        for login, roles, more in (
            ("boss", ("lead",), {}),
            ("amy", ("board",), {"locale": "en"}),
            ("dan", ("odd",), {}),
            ("ann", ("clerk",), {}),
            ("root", ("admin",), {}),
        )
    ),
    Staff(login="mute", roles=("nobody",)),
)
ENVIRONMENT = {"ORDERKIT_PUBLIC_URL": ADDRESS, "MAIL_PORT": "25"}


@cache
def a_mailing_project(*steps: str, root: str = ROOT, policy: str = POLICY) -> Project:
    """Return a project with an approval of these steps and a channel for mail."""
    text = WORKFLOW.format(policy=policy, until="first_decision", more="may: {return: [submitter]}")
    flow = text + "".join(f"      - {step}\n" for step in steps or (LEAD,))
    return project(root, MAIL, FORM, ROLES, *NAMES, flow)


def with_keys(office: Office) -> Office:
    """Give an office the keys from which tokens follow."""
    office.runtime = replace(office.runtime, keys_for=lambda _: KEYS[:1])
    return office


def mails(office: Office, request: int) -> dict[str, str]:
    """Return the texts of the mails about a record as they would leave now, the newest of each address."""
    found = (
        select(job.c.payload).where(job.c.kind == "message", job.c.record_id == request).order_by(job.c.id)
    )
    with office.look(None) as unit:
        payloads = unit.connection.execute(found).scalars().all()
    return {
        each["to"].partition("@")[0]: with_token(office.runtime, each["text"], each.get("held_back"))
        for each in payloads
    }


def link(office: Office, request: int, login: str, verb: str = "approve") -> str:
    """Return the path of a person's link, as it stands in their mail."""
    (found,) = re.findall(rf"^\S+/decide/\S+verb={verb}$", mails(office, request)[login], re.MULTILINE)
    parts = urlsplit(found)
    return f"{parts.path}?{parts.query}"


def token(office: Office, request: int, login: str) -> str:
    """Return the token of a person's link."""
    return urlsplit(link(office, request, login)).path.rpartition("/")[2]
