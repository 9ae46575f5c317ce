"""The log of a workflow: what it says, that the standard holds, that nobody takes along what they may not."""

import csv
import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.engine import records
from orderkit.engine.periods import Period
from orderkit.engine.workflow.analytics import Question, logs
from orderkit.engine.workflow.analytics.logs import LOG_FORMATS, LogEvent, Trace, note_log, write_log
from orderkit.engine.workflow.analytics.logs.xes import write_xes
from orderkit.model.errors import Denied, NotFound
from tests.engine.workflow.analytics.requests import MONDAY
from tests.support.xes import faults

QUESTION = Question(workflow="life")


def log_of(desk, login, format_name, **more):
    target = io.BytesIO()
    with desk.office.look(login) as unit:
        rows = write_log(unit, Question(workflow="life", **more), LOG_FORMATS[format_name], target)
    return rows, target.getvalue()


def test_xes_says_who_did_what_when(desk, tmp_path):
    request = desk.lead_a_life(
        "1h submit 2h boss:return=缺附件 1h submit 1h boss:approve 1h finish", title='甲<&"'
    )
    rows, found = log_of(desk, "root", "xes")
    (tmp_path / "log.xes").write_bytes(found)
    assert faults(tmp_path / "log.xes") == ()
    log = ET.fromstring(found)
    (trace,) = log.findall("trace")

    def values(element):
        return {each.get("key"): each.get("value") for each in element if each.get("key")}

    assert (values(log)["concept:name"], rows) == ("申请流程", len(trace.findall("event")))
    assert values(trace) | {"definition": ""} == {
        "concept:name": f"request/{request}",
        "record": str(request),
        "title": '甲<&"',
        "state": "done",
        "state_label": "完成",
        "definition": "",
    }
    events = [values(each) for each in trace.findall("event")]
    assert [
        (each["concept:name"], each["org:resource"], each["time:timestamp"][11:16], each.get("comment"))
        for each in events
    ] == [
        ("新建", "ann", "01:00", None),
        ("Submit", "ann", "02:00", None),
        ("退回：主管", "boss", "04:00", "缺附件"),
        ("审批退回", "boss", "04:00", None),
        ("Submit", "ann", "05:00", None),
        ("批准：主管", "boss", "06:00", None),
        ("审批通过", "boss", "06:00", None),
        ("Finish", "ann", "07:00", None),
    ]
    assert {each["lifecycle:transition"] for each in events} == {"complete"}


def test_csv_has_a_row_for_each_event_and_no_formulas(desk):
    desk.lead_a_life("1h submit 2h boss:reject==1+1", title="=cmd")
    rows, found = log_of(desk, "root", "csv")
    table = list(csv.DictReader(io.StringIO(found.decode("utf-8-sig"))))
    assert rows == len(table) == 4
    assert [(each["activity"], each["source"], each["target"]) for each in table][:2] == [
        ("新建", "", "draft"),
        ("Submit", "draft", "review"),
    ]
    assert {each["title"] for each in table} == {"'=cmd"}
    assert table[2]["comment"] == "'=1+1"


def test_what_orderkit_did_itself_is_told_apart(desk, tmp_path):
    """Passed automatically, replaced and taken back have words in the standard."""
    desk.lead_a_life("1h submit", owner="bob")
    with desk.office.act("root") as unit:
        records.apply(
            unit, [records.Update(form="user", id=desk.office.ids["boss"], values={"active": False})]
        )
    _, found = log_of(desk, "root", "xes")
    with desk.office.act("root") as unit:
        records.apply(
            unit, [records.Update(form="user", id=desk.office.ids["boss"], values={"active": True})]
        )
    (tmp_path / "log.xes").write_bytes(found)
    assert faults(tmp_path / "log.xes") == ()
    assert b'"reassign"' in found


def test_only_what_may_be_exported_leaves(desk):
    desk.lead_a_life("1h submit 1h boss:approve", place="near", title="near")
    desk.lead_a_life("1h submit 1h boss:approve 1h chief:approve", place="far", title="far")
    for login, expected in (("root", 9), ("max", 9), ("eve", 4)):
        rows, found = log_of(desk, login, "csv")
        assert (rows, b"far" in found) == (expected, expected == 9)


@pytest.mark.parametrize("login", ["ann", "boss"])
def test_a_log_needs_the_right_to_figures(desk, login):
    """A clerk may export every request, and an approver reads them; neither may take along who did what when."""
    with pytest.raises(Denied):
        log_of(desk, login, "csv")


def test_a_log_of_nothing_is_not_found(desk):
    with desk.office.look("root") as unit, pytest.raises(NotFound):
        write_log(unit, Question(workflow="nothing"), LOG_FORMATS["csv"], io.BytesIO())


def test_lives_are_whole_whatever_period_is_asked_for(desk):
    desk.lead_a_life("1h submit 30h boss:reject")
    desk.lead_a_life("1h drop")
    rows, _ = log_of(desk, "root", "csv", period=Period(start=date(2026, 3, 3), end=None))
    assert rows == 6


def test_parts_make_a_whole(desk, monkeypatch):
    monkeypatch.setattr(logs.reading, "AT_ONCE", 2)
    made = [desk.lead_a_life("1h drop") for _ in range(5)]
    _, found = log_of(desk, "root", "csv")
    table = list(csv.DictReader(io.StringIO(found.decode("utf-8-sig"))))
    assert [each["case"] for each in table] == [f"request/{each}" for each in made for _ in range(2)]


def test_the_audit_notes_that_a_log_left(desk):
    with desk.office.act("root") as unit:
        note_log(unit, QUESTION, LOG_FORMATS["xes"], rows=3)
    with desk.office.look(None) as unit:
        row = unit.connection.exec_driver_sql(
            "SELECT verb, changes FROM ok_audit WHERE form = 'ok_export' ORDER BY id DESC"
        ).first()
    assert row is not None
    assert row[0] == "exported"
    assert "xes" in str(row[1])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=3))
def test_no_text_breaks_the_file(tmp_path_factory, texts):
    """What people paste holds characters that XML cannot write; the rest comes through as it was."""
    event = {
        "at": MONDAY, "verb": "do", "transition": "", "step": "", "source": "", "target": "", "visit": 1,
        "on_behalf_of": "", "channel": "page",
    }  # fmt: skip
    traces = [
        Trace(
            name="request/1", record_id=1, title=title, state="x", state_label="x", definition="x",
            events=(LogEvent(**event, activity=activity, who="ann", comment=comment),),
        )
        for title, activity, comment in texts
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("xes") / "log.xes"
    with path.open("wb") as target:
        assert write_xes("log", traces, target) == len(texts)
    assert faults(path) == ()
    shown = [each.get("value") for each in ET.parse(path).getroot().iterfind("trace/string[@key='title']")]
    assert [
        all(theirs in {ours, "\ufffd"} for ours, theirs in zip(title, there, strict=True))
        for (title, _, _), there in zip(texts, shown, strict=True)
    ] == [True] * len(texts)
