"""A generated project of any number of forms, built like real ones: 30 fields each, workflows, roles, reports.

Ten forms make one department: they refer to each other, have two workflows with an approval, a role and a
report. About 45 lines a form; the same number gives the same files.
"""

ROOT = """\
project: generated
label: {zh: 生成, en: Generated}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
"""

FORM = """\
form: {name}
label: {{zh: 表单 {number}, en: Form {number}}}
number: "F{number}-{{entered:%Y%m}}-{{seq:5}}"
title: "{{number}} {{subject}}"
fields:
  subject:   {{type: text, label: {{zh: 主题, en: Subject}}, required: true}}
  kind:      {{type: choice, label: {{zh: 类型, en: Kind}}, options: {{standard: {{zh: 标准, en: Standard}}, custom: {{zh: 定制, en: Custom}}, repair: {{zh: 返修, en: Repair}}}}, default: standard}}
  source:    {{type: choice, label: {{zh: 来源, en: Source}}, options: [微信, 电话, 邮件, 展会]}}
  entered:   {{type: date, label: {{zh: 日期, en: Date}}, default: =today(), required: true}}
  due:       {{type: date, label: {{zh: 期限, en: Due}}, required_if: "kind == 'custom'"}}
  person:    {{type: user, label: {{zh: 负责人, en: Person}}, default: =me}}
  before:    {{type: ref, to: {previous}, label: {{zh: 前一单, en: Before}}, reverse: after_{number}, where: "active"}}
  hub:       {{type: ref, to: {hub}, label: {{zh: 主单, en: Main}}, search: [number, subject]}}
  phone:     {{type: text, label: {{zh: 电话, en: Phone}}, pattern: "[0-9+ -]{{6,20}}", mask: phone}}
  address:   {{type: longtext, label: {{zh: 地址, en: Address}}}}
  contact:   {{type: text, label: {{zh: 联系人, en: Contact}}, help: {{zh: 收货的人, en: Who receives it}}}}
  rate:      {{type: percent, label: {{zh: 比例, en: Rate}}, default: 0, min: 0, max: 1}}
  active:    {{type: boolean, label: {{zh: 启用, en: Active}}, default: true}}
  planned:   {{type: date, label: {{zh: 计划, en: Planned}}}}
  carrier:   {{type: text, label: {{zh: 承运商, en: Carrier}}}}
  tracking:  {{type: text, label: {{zh: 物流单号, en: Tracking number}}, unique: true}}
  weight:    {{type: decimal, label: {{zh: 重量, en: Weight}}, scale: 3}}
  pieces:    {{type: integer, label: {{zh: 件数, en: Pieces}}, check: "value >= 0"}}
  remark:    {{type: longtext, label: {{zh: 备注, en: Remark}}, visible_if: "kind != 'standard'"}}
  lines:
    type: lines
    label: {{zh: 明细, en: Lines}}
    fields:
      what:   {{type: text, label: {{zh: 项目, en: What}}, required: true}}
      linked: {{type: ref, to: {next}, label: {{zh: 相关, en: Related}}}}
      qty:    {{type: decimal, label: {{zh: 数量, en: Quantity}}, scale: 3, required: true, check: "value > 0"}}
      price:  {{type: money, label: {{zh: 单价, en: Price}}, required: true}}
      amount: {{type: money, label: {{zh: 金额, en: Amount}}, compute: "qty * price * (1 - {name}.rate)"}}
      cost:   {{type: money, label: {{zh: 成本, en: Cost}}, copy: "linked.total"}}
  total:     {{type: money, label: {{zh: 合计, en: Total}}, compute: "sum(lines.amount)"}}
  margin:    {{type: money, label: {{zh: 毛利, en: Margin}}, compute: "total - sum(lines.cost)"}}
  parent:    {{type: text, label: {{zh: 主单主题, en: Main subject}}, copy: "hub.subject"}}
  late:      {{type: boolean, label: {{zh: 逾期, en: Late}}, virtual: "due < today() and active"}}
checks:
  - {{that: "due >= entered", error: {{zh: 期限早于日期, en: Due before entered}}, at: due}}
list: {{columns: [number, subject, total, due], filters: [kind, person, entered], sort: -entered}}
"""

WORKFLOW = """\
workflow: {name}_life
for: {name}
state: status
initial: open
states:
  open:   {{label: {{zh: 未完成, en: Open}}, holder: owner}}
  review: {{label: {{zh: 审批中, en: In approval}}, approval: check}}
  ready:  {{label: {{zh: 待完成, en: Ready}}, holder: "role({role})"}}
  closed: {{label: {{zh: 完成, en: Closed}}, final: completed}}
transitions:
  place: {{label: {{zh: 提交, en: Place}}, from: open, to: review, by: owner, require: [lines], guard: [{{that: "coalesce(total, 0) > 0", error: {{zh: 没有金额, en: No amount}}}}]}}
  close: {{label: {{zh: 完成, en: Close}}, from: ready, to: closed, by: "role({role})", ask: [{{field: carrier, required: true}}]}}
approvals:
  check:
    steps:
      - {{id: head, label: {{zh: 主管, en: Head}}, approvers: manager_of(owner)}}
      - {{id: large, label: {{zh: 大额, en: Large}}, when: "coalesce(total, 0) > 10000", approvers: "role({role})"}}
    approved: ready
    rejected: open
"""

ROLE = """\
role: {role}
label: {{zh: 部门 {number}, en: Department {number}}}
forms:
{grants}
reports: [{report}]
"""

GRANT = """  {name}: {{create: true, read: "person == me or active", update: "person == me", hide: [lines.cost], readonly: [margin]}}"""

REPORT = """\
report: {report}
label: {{zh: 汇总 {number}, en: Summary {number}}}
from: {name}.lines
time: {name}.entered
dimensions:
  kind:   {{expr: {name}.kind, label: {{zh: 类型, en: Kind}}}}
  person: {{expr: {name}.person, label: {{zh: 负责人, en: Person}}}}
measures:
  revenue: {{agg: sum, expr: amount, format: money, label: {{zh: 销售额, en: Revenue}}}}
  orders:  {{agg: count_distinct, expr: {name}, label: {{zh: 单数, en: Orders}}}}
  average: {{ratio: "revenue / orders", format: money, label: {{zh: 单均, en: Average}}}}
"""

DEPARTMENT = 10


def generated_project(forms: int) -> dict[str, bytes]:
    """Return the files of a project with this many forms."""
    files = {"orderkit.yaml": ROOT}
    names = [form_name(number) for number in range(forms)]
    for number, name in enumerate(names):
        first = number - number % DEPARTMENT
        department = names[first : first + DEPARTMENT]
        files[f"forms/{name}.yaml"] = FORM.format(
            name=name,
            number=number,
            previous=department[max(0, number - first - 1)],
            next=department[(number - first + 1) % len(department)],
            hub=names[first],
        )
        if number % DEPARTMENT in (0, DEPARTMENT // 2):
            files[f"workflows/{name}.yaml"] = WORKFLOW.format(name=name, role=f"department_{first}")
        if number == first:
            files |= _department(first, department)
    return {path: text.encode() for path, text in files.items()}


def form_name(number: int) -> str:
    """Return the id of a form."""
    return f"form_{number:04}"


def _department(number: int, names: list[str]) -> dict[str, str]:
    role, report = f"department_{number}", f"summary_{number}"
    grants = "\n".join(GRANT.format(name=name) for name in names)
    return {
        f"roles/{role}.yaml": ROLE.format(role=role, number=number, grants=grants, report=report),
        f"reports/{report}.yaml": REPORT.format(report=report, number=number, name=names[0]),
    }
