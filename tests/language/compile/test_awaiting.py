"""Words whose engine comes later: in the model all the same, stored and read again, and named by `build`."""

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import analyse_project
from orderkit.model.project import Project
from orderkit.model.scenarios import Deed
from orderkit.model.stored import from_json, model_hash, to_json
from tests.language.examples import compiled, files_of

PROJECTS = {
    "records from records": """# order.yaml
form: order
fields:
  customer: {type: text, moved_from: sale.customer}
  kind: {type: choice, options: [standard, repair], backfill: "'standard'"}
  day: {type: date, convert: value}
  lines: {type: lines, fields: {product: {type: text}, qty: {type: integer}}}
list: {boards: [kind], calendar: day}
split: {quantity: lines.qty, set: {day: =today()}}
merge: {same: [customer], rows: [product], add: [qty], where: day == today()}
# delivery.yaml
form: delivery
fields:
  customer: {type: text}
  lines: {type: lines, fields: {order_line: {type: ref, to: order.lines}, qty: {type: integer}}}
create_from:
  order:
    label: {zh: 发货, en: Ship}
    many: true
    group_by: customer
    set: {customer: =customer}
    lines: {each: lines, where: qty > 0, set: {order_line: =item, qty: =item.qty}, limit: {qty: item.qty}, tolerance: 5%}
# main.yaml
menu: main
label: Main
items: [{form: order}]
""",
    "integrations and messages": """# order.yaml
form: order
fields: {no: {type: text}, phone: {type: text}, day: {type: date}, voucher: {type: text}}
# erp.yaml
connection: erp
connector: yonyou_bip
settings: {tenant_id: "${TENANT}", app_key: "${KEY}", app_secret: "${SECRET}"}
# voucher.yaml
integration: voucher
event: order.created
call: erp.save_voucher
key: "order:{id}"
with: {date: =day, explanation: "{no}", entries: [{account: 1002, debit: 5}, {account: 1122, credit: 5}]}
save: {voucher: =result.number}
# stock.yaml
integration: stock
schedule: "0 *  * * *"
pull: erp.inventory
into: order
match: [no]
when: row.qty > 0
set: {no: =row.sku}
# shop.yaml
integration: shop
receive: /hooks/shop
verify: {secret: "${SHOP_SECRET}", scheme: hmac_sha256, header: X-Signature}
key: "{body.id}"
into: order
match: [no]
set: {no: =body.no, phone: =headers.phone}
run_as: user(shop)
# shipped.yaml
message: shipped
for: order
text: "{no}"
sms: {template: SMS_1, args: {no: =no}, sign: 五金}
wecom: {title: "{no}", format: card, link: false}
feishu: "{no}"
# life.yaml
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, done: {final: completed}}
transitions: {finish: {from: draft, to: done, by: owner, after: [{send: shipped, to: owner}]}}
""",
    "papers and stories": """# order.yaml
form: order
number: "SO{seq:4}"
fields: {phone: {type: text}, total: {type: money}, day: {type: date}}
# life.yaml
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, review: {approval: check}, done: {final: completed}}
transitions: {place: {from: draft, to: review, by: [owner, system]}}
approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: done, rejected: draft}}
# note.yaml
print: note
for: order
template: templates/note.html
paper: A5 landscape
copies: 3
filename: "{number}"
where: total > 0
# templates/note.html
<p>{{ number }} {{ total|rmb_upper }}</p>
# track.yaml
portal: track
for: order
lookup: {number: exact, phone: last4}
show: [number, status, timeline]
allow: [place]
create: {form: order, fields: [phone], set: {day: =today()}}
limit: 30/h
# story.yaml
scenario: story
people: {seller: {roles: [admin], manager: boss, department: 销售部}, boss: {}}
given: [{create: order, as: boss, name: a, set: {phone: "138", total: 5.00}}]
steps:
  - {as: seller, do: [place], on: a, expect: {status: review, total: 5.00, tasks: [boss]}}
  - {wait: 9wh, on: a, expect: {day: =today()}}
  - {as: boss, reject: a, comment: no, expect_refused: true}
""",
}


def project(name: str) -> Project:
    outcome = compiled(files_of(PROJECTS[name]))
    assert [str(dict(finding.headline)) for finding in outcome.found] == []
    assert outcome.value is not None
    return outcome.value


@pytest.mark.parametrize("name", PROJECTS)
def test_what_awaits_its_engine_is_stored_and_read_again(name: str) -> None:
    model = project(name)
    again = from_json(to_json(model), built_in().fields)
    assert again == model
    assert model_hash(again) == model_hash(model)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("records from records", ""),
        ("integrations and messages", "feishu receive schedule sms wecom yonyou_bip"),
        ("papers and stories", "portal"),
    ],
)
def test_build_is_told_of_each_such_word(name: str, words: str) -> None:
    assert {each.what for each in project(name).awaiting} == set(words.split())


def test_a_row_made_from_a_row_refers_to_it() -> None:
    (made,) = project("records from records").form_by_id["delivery"].create_from
    assert made.lines is not None
    assert (made.lines.field, made.lines.link, str(made.lines.tolerance)) == ("lines", "order_line", "0.05")


def test_integrations_are_divided_by_how_they_begin() -> None:
    model = project("integrations and messages")
    assert [each.id for each in model.integrations] == ["voucher"]
    assert [(each.id, each.schedule, each.match) for each in model.pulls] == [("stock", "0 * * * *", ("no",))]
    assert [(each.id, each.path, each.verify.header) for each in model.receptions] == [
        ("shop", "/hooks/shop", "X-Signature")
    ]


def test_a_print_carries_its_template_and_the_size_of_its_paper() -> None:
    (note,) = project("papers and stories").prints
    assert (note.width_mm, note.height_mm, note.copies) == (210, 148, 3)
    assert note.source == "<p>{{ number }} {{ total|rmb_upper }}</p>\n"


def test_a_portal_is_asked_so_many_times_in_so_many_seconds() -> None:
    (track,) = project("papers and stories").portals
    assert track.limit == (30, 3600)
    assert (track.show, track.shows_timeline) == (("number", "status"), True)


def test_a_step_of_a_story_knows_its_record_and_form() -> None:
    (story,) = project("papers and stories").scenarios
    assert [(step.deed, step.record, step.form) for step in story.steps] == [
        (Deed.DO, "a", "order"),
        (Deed.WAIT, "a", "order"),
        (Deed.REJECT, "a", "order"),
    ]


def test_a_field_that_a_template_shows_counts_as_used() -> None:
    texts = files_of(PROJECTS["papers and stories"])
    files = {path: text.encode() for path, text in {**texts, "orderkit.yaml": "project: shop\n"}.items()}
    usage = analyse_project(files, built_in()).usage
    assert "templates/note.html" in {each.span.path for each in usage.references("field", "order.total")}
