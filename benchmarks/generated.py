"""A generated project of any number of forms, with what real ones have: lines, references, a workflow, a role."""

ROOT = b"""\
project: generated
label: {zh: \xe7\x94\x9f\xe6\x88\x90, en: Generated}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
"""

FORM = """\
form: {name}
label: {{zh: 表单 {number}, en: Form {number}}}
number: "F{number}-{{seq:5}}"
title: "{{number}} {{subject}}"
fields:
  subject:   {{type: text, label: {{zh: 主题, en: Subject}}, required: true}}
  kind:      {{type: choice, label: {{zh: 类型, en: Kind}}, options: {{a: {{zh: 甲, en: A}}, b: {{zh: 乙, en: B}}}}, default: a}}
  entered:   {{type: date, label: {{zh: 日期, en: Date}}, default: =today(), required: true}}
  due:       {{type: date, label: {{zh: 期限, en: Due}}, required_if: "kind == 'b'"}}
  person:    {{type: user, label: {{zh: 负责人, en: Person}}, default: =me}}
  rate:      {{type: percent, label: {{zh: 比例, en: Rate}}, default: 0, min: 0, max: 1}}
  active:    {{type: boolean, label: {{zh: 启用, en: Active}}, default: true}}
  before:    {{type: ref, to: {previous}, label: {{zh: 前一个, en: Before}}}}
  lines:
    type: lines
    label: {{zh: 明细, en: Lines}}
    fields:
      what:   {{type: text, label: {{zh: 项目, en: What}}, required: true}}
      qty:    {{type: decimal, label: {{zh: 数量, en: Quantity}}, scale: 3, required: true, check: "value > 0"}}
      price:  {{type: money, label: {{zh: 单价, en: Price}}, required: true}}
      amount: {{type: money, label: {{zh: 金额, en: Amount}}, compute: "qty * price * (1 - {name}.rate)"}}
  total:     {{type: money, label: {{zh: 合计, en: Total}}, compute: "sum(lines.amount)"}}
  late:      {{type: boolean, label: {{zh: 逾期, en: Late}}, virtual: "due < today() and status == 'open'"}}
checks:
  - {{that: "due >= entered", error: {{zh: 期限早于日期, en: Due before entered}}, at: due}}
list:
  columns: [number, subject, total, due, status]
  filters: [status, kind, person, entered]
  sort: -entered
"""

WORKFLOW = """\
workflow: {name}_life
label: {{zh: 流程 {number}, en: Life {number}}}
for: {name}
state: status
initial: open
states:
  open:   {{label: {{zh: 未完成, en: Open}}, holder: owner}}
  closed: {{label: {{zh: 完成, en: Closed}}, final: completed}}
transitions:
  close: {{label: {{zh: 完成, en: Close}}, from: open, to: closed, by: owner, guard: [{{that: "coalesce(total, 0) > 0", error: {{zh: 没有金额, en: No amount}}}}]}}
"""


def generated_project(forms: int) -> dict[str, bytes]:
    """Return the files of a project with this many forms, each with lines and a workflow."""
    files = {"orderkit.yaml": ROOT}
    grants = []
    for number in range(forms):
        name, previous = f"form_{number:03}", f"form_{max(0, number - 1):03}"
        files[f"forms/{name}.yaml"] = FORM.format(name=name, previous=previous, number=number).encode()
        files[f"workflows/{name}.yaml"] = WORKFLOW.format(name=name, number=number).encode()
        grants.append(f'  {name}: {{create: true, read: "person == me", update: "person == me"}}')
    role = ["role: clerk", "label: {zh: 文员, en: Clerk}", "forms:", *grants]
    files["roles/clerk.yaml"] = "\n".join(role).encode() + b"\n"
    return files
