"""The index of a project: where an expression stands, who reads a field, who names what."""

from orderkit.catalog import built_in
from orderkit.language.compile import analyse_project
from orderkit.language.compile.lints.usage import Usage
from orderkit.model.project import Project
from tests.language.examples import files_of

FILES = """\
# orderkit.yaml
project: shop
# order.yaml
form: order
fields: {total: {type: money, required: true}, twice: {type: money, compute: total * 2}}
layout: [{section: All, fields: [total]}]
# life.yaml
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, open: {}, done: {final: completed}}
transitions:
  start: {from: draft, to: open, by: role(sales), guard: total > 5}
  finish: {from: open, to: done, by: role(sales), guard: total > 5}
# sales.yaml
role: sales
forms: {order: {create: true, read: true}}
"""


def _indexed() -> tuple[Project, Usage]:
    files = {path: text.encode() for path, text in files_of(FILES).items()}
    analysis = analyse_project(files, built_in())
    assert analysis.project is not None
    return analysis.project, analysis.usage


def test_two_equal_conditions_have_two_places() -> None:
    project, usage = _indexed()
    start, finish = project.workflow_by_id["life"].transitions
    assert start.guard[0].that == finish.guard[0].that
    places = [usage.place_of(each.guard[0].that) for each in (start, finish)]
    assert [place.span.line for place in places if place is not None] == [7, 8]


def test_readers_and_mentions_of_a_field_are_found() -> None:
    _, usage = _indexed()
    assert [read.text for read in usage.readers["order", "total"]] == ["total * 2", "total > 5", "total > 5"]
    assert [each.span.path for each in usage.references("field", "order.total")] == ["order.yaml"]
    assert [(each.span.line, each.span.column) for each in usage.references("role", "sales")] == [
        (7, 43),
        (8, 43),
    ]
