"""A preview goes to the end of a transaction, where the bounds of balances are judged."""

from orderkit.engine.workflow.previewing import preview
from orderkit.testing.scenarios.given_postings import post
from orderkit.testing.scenarios.values import assigned
from orderkit.testing.stage import Somebody
from tests.language.examples import files_of
from tests.testing.scenarios.office import OFFICE, project_of, staged

STOCK = """# stock.yaml
ledger: stock
label: 库存
keys: {customer: ref(customer)}
measures: {on_hand: decimal(3)}
never: ["on_hand < 0"]
postings:
  opening: {on_hand: +qty, by: role(admin)}
  sale: {on_hand: -qty}
# story.yaml
scenario: story
people: {boss: {roles: [lead]}, seller: {roles: [sales], manager: boss}}
given:
  - {create: customer, name: c, set: {code: C1}}
  - {post: stock.opening, keys: {customer: =c}, qty: 2}
  - {create: order, as: seller, name: a, set: {customer: =c, lines: [{qty: 1, price: 5}]}}
steps: [{on: a, expect: {status: draft}}]
"""
SOLD = OFFICE.replace('guard: [{that: "coalesce(total, 0) > 0", error: 没有金额}]}', "do: [{post: stock.sale, qty: 3, keys: {customer: =customer}}]}", 1)  # fmt: skip


def test_a_press_that_would_break_a_bound_says_so_before_it_is_made(tmp_path):
    assert "stock.yaml" in files_of(OFFICE + STOCK)
    for office, qty, is_refused in ((SOLD, 3, True), (SOLD.replace("qty: 3", "qty: 2"), 2, False)):
        project = project_of(STOCK, office=office)
        (story,) = project.scenarios
        folder = tmp_path / str(qty)
        folder.mkdir()
        with staged(folder, project) as opened:
            stage = opened.stage
            stage.make_people(
                [Somebody(login=p.id, name=p.id, roles=p.roles, manager=p.manager) for p in story.people]
            )
            customer, opening, order = story.given
            for given in (customer, order):
                with stage.acting(given.person) as unit:
                    values, lines = assigned(stage, unit, project.form_by_id[given.form], given.set)
                    stage.create(unit, given.form, values, lines, name=given.name)
            with stage.acting(None) as unit:
                post(stage, unit, opening)
            with stage.acting("seller") as unit:
                found = preview(unit, *stage.place("a"), "place")
            assert bool(found.problems) is is_refused
            assert (found.end is None) is is_refused
