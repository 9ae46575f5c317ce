"""Orders that are half-way through when their workflow changes: kept, moved, or the change is refused."""

from pathlib import Path

import pytest

from orderkit.cli.opening import opened
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.engine import records, workflow
from orderkit.engine.records import Create
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Channel
from tests.cli.test_build_and_migrate import ROOT, run

FORM = """\
form: order
label: {zh: 订单, en: Order}
title: "{name}"
fields:
  name: {type: text, label: 名称, required: true}
  note: {type: text, label: 备注}
"""
LIFE = """\
workflow: life
for: order
state: status
initial: draft
in_flight: IN_FLIGHT
states:
  draft:   {label: 草稿}
  waiting: {label: 等待}
  done:    {label: 完成, final: completed}
transitions:
  wait:   {label: 提交, from: draft, to: waiting, by: system}
  finish: {label: 完成, from: waiting, to: done, by: system, guard: [{that: note != null, error: 请填写备注}]}
"""
# The state `waiting` has given way to `checking`.
LATER = LIFE.replace("waiting", "checking").replace("等待", "核对")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    made = tmp_path / "shop"
    made.mkdir()
    (made / "orderkit.yaml").write_text(ROOT)
    (made / "order.yaml").write_text(FORM)
    return made


def write(folder: Path, life: str, in_flight: str, form: str = FORM) -> None:
    (folder / "life.yaml").write_text(life.replace("IN_FLIGHT", in_flight))
    (folder / "order.yaml").write_text(form)


def begin(folder: Path, in_flight: str, life: str = LIFE, note: str | None = "n") -> int:
    """Build and migrate the first version, and let an order wait in it."""
    write(folder, life, in_flight)
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    with opened(folder, None) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        (order,) = records.apply(unit, [Create(form="order", values={"name": "A", "note": note})])
        workflow.press_by_rule(unit, rows_of(unit).row("order", order.id), "wait")
    return order.id


def state_of(folder: Path, order: int, form: str = "order") -> object:
    with opened(folder, None) as runtime, runtime.read(SYSTEM, Channel.COMMAND) as unit:
        return rows_of(unit).row(form, order).get("status")


def test_a_state_that_is_gone_without_a_successor_stops_migrate_and_serve(folder, capsys):
    order = begin(folder, "migrate")
    write(folder, LATER, "migrate")
    assert run("build", folder) == 0
    capsys.readouterr()
    assert run("migrate", folder) == 1
    told = capsys.readouterr().err
    assert "OK6401" in told
    assert "life.waiting" in told
    assert f"ids {order}" in told
    assert "migrate: {waiting: …}" in told
    with pytest.raises(DatabaseUnusable) as refused, opened(folder, None):
        pass
    assert refused.value.known_as is not None
    assert refused.value.known_as.id == "OK6403"


def test_a_state_that_is_gone_with_a_successor_moves_its_records(folder, capsys):
    order = begin(folder, "migrate")
    write(folder, LATER, "migrate\nmigrate: {waiting: checking}")
    assert run("build", folder) == 0
    capsys.readouterr()
    assert run("migrate", folder) == 0
    assert "1 moved to another state" in capsys.readouterr().out
    assert state_of(folder, order) == "checking"
    assert run("migrate", folder) == 0
    assert "moved" not in capsys.readouterr().out


def test_an_order_older_than_its_workflow_is_counted_and_moved_also_under_a_new_name(folder, capsys):
    (folder / "order.yaml").write_text(FORM)
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    with opened(folder, None) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        (order,) = records.apply(unit, [Create(form="order", values={"name": "A"})])
    write(folder, LIFE, "migrate")
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    assert state_of(folder, order.id) == "draft"
    sale = FORM.replace("form: order\n", "form: sale\nrenamed_from: order\n")
    later = LIFE.replace("for: order", "for: sale").replace("draft", "fresh")
    write(folder, later, "migrate", sale)
    assert run("plan", folder, "--database", f"sqlite:///{folder}/var/app.db") == 1
    assert f"1 records of sale stand in it (ids {order.id})" in capsys.readouterr().out
    assert run("build", folder) == 0
    assert run("migrate", folder) == 1
    assert f"1 records of sale stand in it (ids {order.id})" in capsys.readouterr().err
    write(folder, later, "migrate\nmigrate: {draft: fresh}", sale)
    assert run("plan", folder, "--against", "0002", "--database", f"sqlite:///{folder}/var/app.db") == 0
    assert "1 go from 草稿 to 草稿" in capsys.readouterr().out
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    assert "1 moved to another state" in capsys.readouterr().out
    assert state_of(folder, order.id, "sale") == "fresh"


def test_a_pinned_record_goes_on_by_the_definition_it_began_with(folder):
    order = begin(folder, "pin")
    write(folder, LATER, "pin")
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    assert state_of(folder, order) == "waiting"
    with opened(folder, None) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        workflow.press_by_rule(unit, rows_of(unit).row("order", order), "finish")
    assert state_of(folder, order) == "done"


def test_a_renamed_field_is_known_to_the_definition_of_a_pinned_record(folder):
    order = begin(folder, "pin")
    renamed = FORM.replace("  note: {type: text", "  remark: {type: text, renamed_from: note")
    write(folder, LATER.replace("note", "remark"), "pin", renamed)
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    with opened(folder, None) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        workflow.press_by_rule(unit, rows_of(unit).row("order", order), "finish")
    assert state_of(folder, order) == "done"


def test_a_field_that_a_pinned_record_needs_is_not_dropped(folder, capsys):
    order = begin(folder, "pin")
    without = FORM.replace("  note: {type: text, label: 备注}\n", "")
    write(folder, LATER.replace(", guard: [{that: note != null, error: 请填写备注}]", ""), "pin", without)
    assert run("build", folder, "--allow-drop", "order.note") == 0
    capsys.readouterr()
    assert run("migrate", folder) == 1
    told = capsys.readouterr().err
    assert "OK6402" in told
    assert "order.note" in told
    assert f"ids {order}" in told


def test_going_back_names_the_running_records_that_need_what_would_be_dropped(folder, capsys):
    (folder / "order.yaml").write_text(FORM.replace("  note: {type: text, label: 备注}\n", ""))
    assert run("build", folder) == 0
    assert run("migrate", folder) == 0
    order = begin(folder, "pin", note=None)
    capsys.readouterr()
    assert run("migrate", folder, "--to", "0001") == 1
    told = capsys.readouterr().err
    assert "OK6402" in told
    assert "order.note" in told
    assert f"ids {order}" in told
    assert state_of(folder, order) == "waiting"
    assert run("migrate", folder, "--to", "0001", "--allow-loss") == 0


def test_a_plan_names_the_pinned_records_that_wait_for_a_role_which_goes(folder, capsys):
    role = "role: {name}\nlabel: {name}\nforms: {{order: {{read: true}}}}\n"
    for name in ("lead", "boss"):
        (folder / f"{name}.yaml").write_text(role.format(name=name))
    life = LIFE.replace("to: done, by: system", "to: done, by: role(lead)")
    order = begin(folder, "pin", life)
    (folder / "lead.yaml").unlink()
    database = f"sqlite:///{folder}/var/app.db"
    for later, is_told in (("pin", True), ("migrate", False)):
        write(folder, life.replace("role(lead)", "role(boss)"), later)
        capsys.readouterr()
        assert run("plan", folder, "--database", database) == 0
        told = capsys.readouterr().out
        assert (f"the role `lead` is gone, and 1 records of Life ({order})" in told) is is_told
