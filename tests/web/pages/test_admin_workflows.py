"""Running workflows for administrators: what is shown, giving tasks over, and what to do about dead jobs."""

from orderkit.engine import workflow
from orderkit.engine.jobs import JobState, find_jobs
from tests.web.pages.test_admin import _dead_job

URL = "/admin/workflows"


def placed(office, order):
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")


def task_of(office, login):
    with office.look(login) as unit:
        return workflow.tasks(unit)[0].id


def test_tasks_are_given_over_with_a_reason(as_, office, order) -> None:
    placed(office, order)
    reader = as_("root")
    page = reader.get(f"{URL}?person={office.ids['li']}")
    sent = page.form(f"{URL}/reassign")
    assert sent["tasks"] == [str(task_of(office, "li"))]
    given = {"person": sent["person"][0], "tasks": sent["tasks"][0], "taker": str(office.ids["wang"])}
    refused = reader.post(f"{URL}/reassign", {**given, "reason": ""})
    assert "请填写原因" in refused.text
    assert office.tasks("li", "wang") == {"li": 1, "wang": 0}
    done = reader.post(f"{URL}/reassign", {**given, "reason": "出差"})
    assert "已改派 1 个" in done.html
    assert office.tasks("li", "wang") == {"li": 0, "wang": 1}
    assert "改派：直属主管 → 王雪" in reader.get(f"/forms/order/{order}").text
    assert "改派待办" in reader.get("/admin/audit?kind=people").text


def test_what_stayed_says_why(as_, office, order) -> None:
    """The submitter may not decide about their own order, so their task stays where it was."""
    placed(office, order)
    given = {
        "person": str(office.ids["li"]),
        "tasks": str(task_of(office, "li")),
        "taker": str(office.ids["zhang"]),
        "reason": "x",
    }
    page = as_("root").post(f"{URL}/reassign", given)
    assert "提交人不能审批自己的单据" in page.text
    assert "已改派 0 个，1 个没有改派" in page.text
    assert office.tasks("li") == {"li": 1}


def test_who_is_no_administrator_gives_nothing_over(as_, office, order) -> None:
    placed(office, order)
    given = {"person": str(office.ids["li"]), "tasks": str(task_of(office, "li")), "reason": "x"}
    assert as_("li").post(f"{URL}/reassign", {**given, "taker": str(office.ids["wang"])}).status == 403
    assert office.tasks("li") == {"li": 1}


def test_versions_and_what_is_stuck_are_shown(as_, office, order) -> None:
    placed(office, order)
    with office.act(None) as unit:
        unit.connection.exec_driver_sql("UPDATE ok_workflow_task SET state = 'cancelled'")
    page = as_("root").get(URL)
    assert "审批中，但没有待办" in page.text
    assert "订单流程" in page.text
    _dead_job(office)
    assert "1 个失败的任务等待处理" in as_("root").get(URL).text


def test_a_dead_job_is_marked_as_done_and_each_decision_noted(as_, office) -> None:
    retried, skipped, settled = _dead_job(office), _dead_job(office), _dead_job(office)
    reader = as_("root")
    reader.post(f"/admin/jobs/{retried}/retry")
    reader.post(f"/admin/jobs/{skipped}/discard")
    reader.post(f"/admin/jobs/{settled}/done")
    with office.look("root") as unit:
        states = {each.id: each.state for each in find_jobs(unit)}
    assert (states[retried], states[skipped], states[settled]) == (
        JobState.READY,
        JobState.CANCELLED,
        JobState.DONE,
    )
    text = reader.get("/admin/audit?kind=jobs").text
    for word in ("重试任务", "跳过任务", "标记任务已处理"):
        assert word in text
    assert reader.post(f"/admin/jobs/{settled}/done").status == 409
    assert as_("li").post(f"/admin/jobs/{skipped}/done").status == 403
