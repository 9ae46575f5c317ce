"""What administrators see of the system, and what nobody else does."""

import pytest

from orderkit.engine import jobs
from orderkit.engine.accounts import find_session
from orderkit.engine.automation import Timetable
from orderkit.engine.incidents import MOST_KEPT, note_incident, recent_incidents
from orderkit.engine.integrations.health import note_failure, note_success
from orderkit.engine.jobs import JobState, Worker
from orderkit.engine.runtime import Channel
from orderkit.engine.workflow.background.queueing import go_on
from orderkit.engine.workflow.background.strands import Strand
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Text
from orderkit.model.people import HasRole
from orderkit.model.workflow.workflows import Action
from orderkit.web.pages import home
from orderkit.web.request.cookies import SESSION

PAGES = (
    "/admin",
    "/admin/jobs",
    "/admin/workflows",
    "/admin/errors",
    "/admin/audit",
    "/admin/access",
    "/admin/sessions",
)


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_see_the_system(as_, path: str) -> None:
    assert as_("root").get(path).status == 200
    refused = as_("li").get(path)
    assert refused.status == 403
    assert not refused.all("table") + refused.all("dl")
    assert path not in as_("li").get("/").html


def test_only_administrators_change_it(as_, office) -> None:
    job = _dead_job(office)
    for path in (
        f"/admin/jobs/{job}/retry",
        f"/admin/jobs/{job}/discard",
        f"/admin/jobs/{job}/done",
        f"/admin/jobs/{job}/skip",
        "/admin/jobs/retry",
        "/admin/sessions/end",
    ):
        assert as_("li").post(path, {"session": "x"}).status == 403
    with office.look("root") as unit:
        assert [each.state for each in jobs.find_jobs(unit)] == [JobState.DEAD]


def test_the_overview_says_what_runs(as_, office) -> None:
    connection = office.runtime.project.connections[0]
    note_failure(office.runtime, connection.id, "no route to host")
    note_failure(office.runtime, connection.id, "no route to host")
    page = as_("root").get("/admin")
    assert office.runtime.model_hash[:12] in page.text
    assert "SQLite" in page.text
    assert "连续失败 2 次" in page.text
    assert "no route to host" in page.text
    note_success(office.runtime, connection.id)
    page = as_("root").get("/admin")
    assert "no route to host" not in page.text
    assert "正常" in page.text


def test_a_worker_is_seen_while_it_runs(as_, office) -> None:
    worker = Worker(office.runtime, {})
    worker._show()
    assert "运行中" in as_("root").get("/admin").text
    office.runtime.clock.advance(minutes=2)
    assert "没有响应" in as_("root").get("/admin").text
    worker._show(is_ending=True)
    assert "没有后台进程在运行" in as_("root").get("/admin").text


def test_a_dead_job_is_tried_again_or_given_up(as_, office) -> None:
    first, second = _dead_job(office), _dead_job(office)
    reader = as_("root")
    page = reader.get("/admin/jobs")
    assert "it would not go" in page.text
    reader.post(f"/admin/jobs/{first}/retry")
    reader.post(f"/admin/jobs/{second}/discard")
    assert reader.post(f"/admin/jobs/{second}/retry").status == 409
    with office.look("root") as unit:
        assert {each.id: each.state for each in jobs.find_jobs(unit)} == {
            first: JobState.READY,
            second: JobState.CANCELLED,
        }
    assert f"#{first}" in reader.get("/admin/jobs?state=ready").text
    assert reader.get("/admin/jobs?state=nonsense").status == 404


@pytest.mark.parametrize(
    ("verb", "state", "said"),
    [("done", JobState.DONE, "标记为完成"), ("skip", JobState.CANCELLED, "已跳过")],
)
def test_a_step_that_failed_for_good_is_passed_over_and_what_is_behind_it_goes_on(
    as_, office, verb, state, said
):
    behind = Action(kind="task", options={"task": HasRole("admin"), "text": Literal("接着做", Text())})
    with office.act(None) as unit:
        unit.depth = jobs.MAX_DEPTH
        go_on(unit, Strand(actions=(behind, behind), key="k"), is_new=True)
        unit.depth = 0
    (dead,) = _jobs(office)
    reader = as_("root")
    assert f"/admin/jobs/{dead.id}/{verb}" in reader.get("/admin/jobs").html
    assert said in reader.post(f"/admin/jobs/{dead.id}/{verb}").html
    assert reader.post(f"/admin/jobs/{dead.id}/{verb}").status == 409
    newer, older = _jobs(office)
    assert (older.id, older.state, newer.state) == (dead.id, state, JobState.READY)


def test_a_job_that_no_other_waits_for_is_not_passed_over(as_, office) -> None:
    job = _dead_job(office)
    assert f"/admin/jobs/{job}/skip" not in as_("root").get("/admin/jobs").html


def test_automations_are_listed_with_what_sets_them_off_and_when_they_run_next(as_, office) -> None:
    Timetable(office.runtime)()
    text = as_("root").get("/admin/jobs").text
    for each in (
        "过期报价提醒",
        "定时 0 9 * * 1-5",
        "下次运行",
        "已排产订单取消提醒",
        "did(cancel)",
        "还没有运行过",
    ):
        assert each in text


def test_all_dead_jobs_are_tried_again_after_an_outage(as_, office) -> None:
    for _ in range(3):
        _dead_job(office)
    assert "3 个任务将再次执行" in as_("root").post("/admin/jobs/retry").html
    with office.look("root") as unit:
        assert jobs.count_jobs(unit) == {JobState.READY: 3, JobState.RUNNING: 0, JobState.DEAD: 0}


def test_a_bug_is_found_by_the_reference_that_its_page_shows(as_, office, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("13800138000")

    monkeypatch.setattr(home, "_greeting", fail)
    told = as_("li").get("/?phone=13800138000")
    assert told.status == 500
    reference = told.response.headers["x-request-id"]
    assert reference in told.text
    monkeypatch.undo()
    page = as_("root").get(f"/admin/errors?reference={reference}")
    assert "RuntimeError" in page.text
    assert "orderkit/web/pages/home.py" in page.text
    # What somebody entered is nowhere in it.
    assert "13800138000" not in page.html
    assert "RuntimeError" not in as_("root").get("/admin/errors?reference=another").text


def test_the_secret_of_a_link_is_not_kept_with_a_bug(nobody, office, monkeypatch) -> None:
    monkeypatch.setattr("orderkit.engine.accounts.read_link", None)
    assert nobody.get("/link/very-secret-token").status == 500
    with office.look("root") as unit:
        assert [each.place for each in recent_incidents(unit)] == ["GET /link/…"]


def test_no_more_than_the_last_bugs_are_kept(office) -> None:
    for number in range(MOST_KEPT + 5):
        note_incident(
            office.runtime, ValueError(), reference=f"r{number}", channel=Channel.PAGE, place="GET /"
        )
    with office.look("root") as unit:
        kept = recent_incidents(unit, limit=MOST_KEPT * 2)
    assert len(kept) == MOST_KEPT
    assert kept[0].reference == f"r{MOST_KEPT + 4}"


def test_a_session_is_ended_at_once(as_, office, client) -> None:
    as_("li")
    token = client.cookies[SESSION]
    reader = as_("root")
    page = reader.get("/admin/sessions")
    assert page.texts("h2")[0] == "2 个登录会话"
    (other,) = page.all("input", name="session")
    reader.post("/admin/sessions/end", {"session": other.attributes["value"]})
    assert find_session(office.runtime, token) is None
    assert reader.get("/admin/sessions").texts("h2")[0] == "1 个登录会话"
    assert reader.post("/admin/sessions/end", {"session": other.attributes["value"]}).status == 404


def _jobs(office):
    with office.look("root") as unit:
        return jobs.find_jobs(unit)


def _dead_job(office) -> int:
    with office.act(None) as unit:
        unit.depth = jobs.MAX_DEPTH
        job = jobs.enqueue(unit, "import", {"mapping": "online_retail"})
        assert job is not None
    with office.act(None) as unit:
        unit.connection.exec_driver_sql("UPDATE ok_job SET error = 'it would not go' WHERE id = ?", (job,))
    return job


def test_rights_on_a_record_are_explained_by_their_rules(as_, order) -> None:
    page = as_("root").get(f"/admin/access?user=li&form=order&id={order}")
    assert "salesperson == me" in page.text
    assert f"/forms/order/{order}" in page.html
    refused = as_("li").get(f"/admin/access?user=li&form=order&id={order}")
    assert refused.status == 403
    assert "salesperson == me" not in refused.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("user=nobody&form=order&id=1", "没有在职用户“nobody”"),
        ("user=li&form=order&id=one", "记录编号应是数字"),
        ("user=li&form=order&id=999999999999999999999999", "记录编号应是数字"),
        ("user=li&form=order&id=99999", "没有记录 99999"),
        ("user=li&form=orders&id=1", "没有表单“orders”"),
    ],
)
def test_a_question_of_rights_that_has_no_answer_says_why(as_, question: str, said: str) -> None:
    page = as_("root").get(f"/admin/access?{question}")
    assert page.status == 200
    assert said in page.text
