"""A reference that somebody sees masked: a document goes on from it to nothing, instead of failing."""

from orderkit.engine.printing.documents import printable
from orderkit.web.printing.drawing import parts_of
from tests.support.office import Staff, open_office
from tests.support.projects import project

YAML = (
    """
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  phone: {type: text, label: {zh: 电话, en: Phone}}
""",
    """
form: parcel
label: {zh: 包裹, en: Parcel}
title: "{code}"
fields:
  code:   {type: text, label: {zh: 编码, en: Code}}
  to:     {type: ref, to: customer, label: {zh: 收件人, en: To}}
  copies: {type: refs, to: customer, label: {zh: 抄送, en: Copies}}
""",
    """
role: packer
label: {zh: 打包, en: Packer}
forms:
  parcel: {read: true, print: true, mask: [to, copies]}
  customer: {read: true}
""",
    """
print: slip
label: {zh: 面单, en: Slip}
for: parcel
template: templates/prints/slip.html
""",
)
SLIP = "{{ code }}|{{ to }}|{{ to.phone }}|{% for each in copies %}{{ each }}{{ each.phone }}{% endfor %}"


def test_a_masked_reference_is_written_as_stars_and_leads_nowhere(databases, tmp_path, clock) -> None:
    model = project(*YAML, **{"templates/prints/slip.html": SLIP})
    mark = databases.mark()
    staff = [Staff(login="ann", roles=("packer",)), Staff(login="root", roles=("admin",))]
    office = open_office(model, databases.make(model, "sqlite"), tmp_path, clock, staff)
    customer = office.create(None, "customer", {"name": "甲公司", "phone": "13812345678"})
    parcel = office.create(None, "parcel", {"code": "P1", "to": customer, "copies": (customer,)})
    written = {}
    for login in ("ann", "root"):
        with office.look(login) as unit:
            written[login] = "".join(parts_of(unit, printable(unit, "parcel", "slip", [parcel])))
    databases.clear(mark)
    assert "P1|****||****" in written["ann"]
    assert "甲公司" not in written["ann"]
    assert "13812345678" not in written["ann"]
    assert "P1|甲公司|13812345678|甲公司13812345678" in written["root"]
