"""The shop of which every release keeps an artifact and a database, and what people do in it before.

It is small, and touches what a release may change the storing of: values of every kind, lines, attachments,
approvals under way (one of them under a definition that is no longer the newest), jobs in the queue, an audit.
"""

from decimal import Decimal
from pathlib import Path

from orderkit.artifact.reading import open_artifact
from orderkit.artifact.writing import write
from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.engine.files import receive
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.engine.workflow import Verb
from orderkit.model.project import Project
from tests.support.clock import FakeClock
from tests.support.office import Office, Staff, open_office
from tests.support.projects import project

CONTENT = b"%PDF-1.4 a drawing"
STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="ann", roles=("clerk",)),
    Staff(login="lee", roles=("clerk", "lead")),
    Staff(login="bo", roles=("clerk", "board")),
)
FORM = """
form: order
label: {zh: 订单, en: Order}
number: "SO{seq:4}"
title: "{number} {code}"
fields:
  code:    {type: text, label: {zh: 编号, en: Code}, required: true, unique: true}
  kind:    {type: choice, label: {zh: 类型, en: Kind}, options: {standard: {zh: 标准, en: Standard}, repair: {zh: 返修, en: Repair}}, default: standard}
  due:     {type: date, label: {zh: 交期, en: Due}}
  called:  {type: datetime, label: {zh: 来电, en: Called}}
  urgent:  {type: boolean, label: {zh: 加急, en: Urgent}}
  weight:  {type: decimal, scale: 3, label: {zh: 重量, en: Weight}}
  rate:    {type: percent, label: {zh: 折扣, en: Discount}}
  place:   {type: address, label: {zh: 地址, en: Address}}
  tags:    {type: choices, label: {zh: 标签, en: Tags}, options: {fragile: {zh: 易碎, en: Fragile}, heavy: {zh: 重, en: Heavy}}}
  phone:   {type: phone, label: {zh: 电话, en: Phone}, pii: true}
  drawing: {type: file, label: {zh: 图纸, en: Drawing}}
  lines:   {type: lines, label: {zh: 明细, en: Lines}, fields: {goods: {type: text, label: {zh: 品名, en: Goods}}, price: {type: money, label: {zh: 金额, en: Price}}}}
  total:   {type: money, label: {zh: 合计, en: Total}, compute: "sum(lines.price)"}
"""
MORE = "  note:    {type: text, label: {zh: 备注, en: Note}}\n"
LIFE = """
workflow: life
label: {zh: 流程, en: Life}
for: order
state: status
initial: draft
states:
  draft:  {label: {zh: 草稿, en: Draft}}
  review: {label: {zh: 审批中, en: In review}, approval: check}
  open:   {label: {zh: 执行, en: Open}}
  done:   {label: {zh: 完成, en: Done}, final: completed}
  gone:   {label: {zh: 作废, en: Gone}, final: cancelled}
transitions:
  place:  {label: {zh: 提交, en: Place}, from: draft, to: review, by: role(clerk)}
  finish: {label: {zh: 完成, en: Finish}, from: open, to: done, by: role(clerk)}
approvals:
  check:
    label: {zh: 审批, en: Approval}
    approved: open
    rejected: gone
    steps:
      - {id: one, approvers: role(lead)}
"""
TWO_STEPS = "      - {id: two, approvers: role(board)}\n"
OTHERS = (
    "role: clerk\nlabel: {zh: 文员, en: Clerk}\nforms: {order: {create: true, read: true, update: true}}\n",
    "role: lead\nlabel: {zh: 主管, en: Lead}\n",
    "role: board\nlabel: {zh: 董事, en: Board}\n",
    "connection: erp\nconnector: http\nsettings: {base_url: '${ERP_URL}', allow_private_network: true}\n",
    """
integration: order_made
event: order.created
call: erp.post
key: "made:{code}"
with: {path: "/orders/{code}", body: {total: =total}}
""",
)


def versions() -> tuple[Project, Project]:
    """Return the shop as it was first, and as it is in the kept artifact: one step of approval less, a field more."""
    return project(FORM, LIFE + TWO_STEPS, *OTHERS), project(FORM + MORE, LIFE, *OTHERS)


def build(model: Project, folder: Path) -> None:
    """Write revision and artifact of the shop into a project folder."""
    write_next_revision(model, built_in(), folder / "migrations")
    write(model, built_in(), migrations=folder / "migrations", target=folder / "build")


def bring(url: str, folder: Path) -> None:
    """Migrate a database to an artifact."""
    artifact = open_artifact(folder)
    migrate(url, artifact.project, built_in(), artifact.migrations, model_hash=artifact.model_hash)


def live(url: str, folder: Path) -> None:
    """Let people work in the shop, over the update from its first version to the second."""
    first, second = versions()
    clock = FakeClock()
    build(first, folder)
    bring(url, folder)
    database = Database.open(url, first, built_in())
    office = open_office(first, database, folder / "var" / "files", clock, STAFF)
    enter(office, "A-1", drawing=True)
    office.do("ann", "order", 1, "place")
    office.decide("lee", Verb.APPROVE)
    database.close()
    clock.advance(days=1)
    build(second, folder)
    bring(url, folder)
    database = Database.open(url, second, built_in())
    office = open_office(second, database, folder / "var" / "files", clock, ())
    enter(office, "A-2", drawing=False)
    office.do("ann", "order", 2, "place")
    enter(office, "A-3", drawing=False)
    office.update("ann", "order", 3, phone="13900000000")
    database.close()


def enter(office: Office, code: str, *, drawing: bool) -> None:
    """Enter an order with a value in every field."""
    values: dict[str, object] = {
        "code": code,
        "due": office.today,
        "called": office.runtime.clock.now(),
        "urgent": True,
        "weight": Decimal("1.250"),
        "rate": Decimal("0.05"),
        "tags": ("fragile", "heavy"),
        "phone": "13812345678",
    }
    if drawing:
        person = office.person("ann")
        options = {"name": "d.pdf", "chunks": [CONTENT], "extensions": (), "max_size": 1_000}
        values["drawing"] = receive(office.runtime, person, Channel.PAGE, **options).id
    lines = [{"goods": "螺栓", "price": Decimal("19.90")}, {"goods": "bolt", "price": Decimal("0.10")}]
    office.create("ann", "order", values, {"lines": lines})


__all__ = ["CONTENT", "SYSTEM", "bring", "build", "live", "versions"]
