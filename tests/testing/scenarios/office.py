"""A small project for scenarios, and ways to play a story on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orderkit.catalog import built_in
from orderkit.model.project import Project
from orderkit.testing.scenarios.playing import play
from orderkit.testing.scenarios.results import Result
from orderkit.testing.scenarios.theatre import Play, Theatre
from tests.language.examples import compiled, files_of

OFFICE = """# orderkit.yaml
project: office
label: 办公室
timezone: Asia/Shanghai
channels: {inbox: built_in, mail: post}
# post.yaml
connection: post
connector: smtp
settings: {host: "${MAIL_HOST}", from: a@example.com}
# customer.yaml
form: customer
fields:
  code: {type: text, unique: true, required: true}
  mail: {type: email}
# order.yaml
form: order
number: "SO{seq:4}"
fields:
  customer: {type: ref, to: customer, required: true}
  keeper: {type: user, default: =me}
  term: {type: choice, options: {prepaid: 预付, credit: 月结}, default: prepaid}
  due: {type: date}
  note: {type: text}
  lines: {type: lines, fields: {what: {type: text}, qty: {type: integer, required: true}, price: {type: money, required: true}, amount: {type: money, compute: qty * price}}}
  total: {type: money, compute: "sum(lines.amount)"}
# sales.yaml
role: sales
forms:
  order: {create: true, read: true, update: keeper == me}
  customer: {create: true, read: true, update: true}
# lead.yaml
role: lead
forms: {order: {read: true}, customer: {read: true}}
# told.yaml
message: told
for: order
subject: "{number}"
text: "{number}"
# life.yaml
workflow: life
for: order
state: status
initial: draft
states:
  draft: {label: 草稿}
  review: {label: 审批中, approval: check}
  planned: {label: 待产}
  done: {label: 完成, final: completed}
  dropped: {label: 取消, final: cancelled}
transitions:
  place: {label: 提交, from: draft, to: review, by: owner, guard: [{that: "coalesce(total, 0) > 0", error: 没有金额}]}
  finish:
    label: 完成
    from: planned
    to: done
    by: role(sales)
    ask: [{field: due}, {field: reason, type: text, required: true}]
    after: [{send: told, to: customer.mail, via: [mail]}, {send: told, to: role(lead), via: [inbox]}]
approvals:
  check:
    label: 审批
    protects: [lines]
    approved: planned
    rejected: dropped
    returned: draft
    withdrawn: {to: draft, until: first_decision}
    may: {return: [submitter]}
    steps:
      - {id: lead, label: 主管, approvers: manager_of(owner)}
      - choose:
          - {when: "coalesce(total, 0) > 1000", steps: [{id: big, label: 大额, approvers: role(lead), mode: all}]}
          - {when: "term != null and term == 'credit'", steps: [{id: credit, label: 月结, approvers: role(lead)}]}
          - {default: true, steps: []}
"""

PEOPLE = (
    "people: {seller: {roles: [sales], manager: boss}, boss: {roles: [lead]}, other: {roles: [sales, lead]}}"
)
GIVEN = "given: [{create: customer, name: c, set: {code: C1, mail: c1@example.com}}]"
ORDER = "{as: seller, create: order, name: a, set: {customer: C1, lines: [{what: x, qty: 2, price: 50}]}}"


def story(*steps: str, name: str = "story", given: str = GIVEN) -> str:
    """Return a scenario of steps, as YAML."""
    listed = "\n".join(f"  - {each}" for each in steps)
    return f"# {name}.yaml\nscenario: {name}\n{PEOPLE}\n{given}\nsteps:\n{listed}\n"


def project_of(*stories: str, office: str = OFFICE) -> Project:
    """Return the small project with stories in it."""
    outcome = compiled(files_of(office + "".join(stories)))
    assert [dict(each.headline) for each in outcome.found] == []
    assert outcome.value is not None
    return outcome.value


def theatre_of(project: Project, folder: Path) -> Theatre:
    """Return a theatre that is ready."""
    folder.mkdir(exist_ok=True)
    theatre = Theatre(project=project, catalog=built_in(), folder=folder)
    theatre.furnish()
    return theatre


def played(folder: Path, *steps: str, given: str = GIVEN) -> Result:
    """Play a story of these steps."""
    theatre = theatre_of(project_of(story(*steps, given=given)), folder)
    return play(theatre, theatre.project.scenarios[0])


@contextmanager
def staged(folder: Path, project: Project) -> Iterator[Play]:
    """Yield a stage on which nothing has happened."""
    with theatre_of(project, folder).opened("test") as opened:
        yield opened
