"""One thing done to many records over HTTP: once, each by its own rules, with a result of its own, and stopped."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from orderkit.engine.bulk import BULK_JOB, BulkHandler
from orderkit.engine.jobs import Worker
from tests.web.api.shop import Caller, order, paths


@pytest.fixture
def three(clerk: Caller, customer: int) -> list[int]:
    return [clerk.post("/order", order(customer))["id"] for _ in range(3)]


def outcomes(who: Caller, run: dict, query: str = "") -> dict[int, str]:
    items = who.get(run["results"].removeprefix("/api/v1") + query)["items"]
    return {each["id"]: each["outcome"] for each in items}


def test_many_are_changed_each_by_its_own_rules(
    clerk: Caller, other_clerk: Caller, customer: int, three
) -> None:
    foreign = other_clerk.post("/order", order(customer))["id"]
    answer = clerk.call(
        "POST", "/order/bulk/edit", {"ids": [*three, foreign, 999], "values": {"carrier": "SF"}}
    )
    run = answer.json()
    assert (answer.status_code, run["state"], run["is_under_way"]) == (200, "done", False)
    assert answer.headers["location"] == f"/api/v1/order/bulk/{run['id']}"
    assert run["counts"] == {"waiting": 0, "done": 3, "unchanged": 0, "refused": 2}
    assert outcomes(clerk, run) == {**dict.fromkeys(three, "done"), foreign: "refused", 999: "refused"}
    assert [clerk.get(f"/order/{each}")["carrier"] for each in three] == ["SF"] * 3
    assert other_clerk.get(f"/order/{foreign}")["carrier"] is None
    # What somebody may not see is told like what there is not.
    refused = clerk.get(f"/order/bulk/{run['id']}/results?outcome=refused")["items"]
    assert {(each["title"], each["reason"]) for each in refused} == {("", refused[0]["reason"])}
    assert clerk.get(f"/order/{three[0]}/history")["items"][0]["channel"] == "api"
    again = clerk.post("/order/bulk/edit", {"ids": three, "values": {"carrier": "SF"}})
    assert again["counts"]["unchanged"] == 3


def test_a_transition_is_pressed_on_many_and_its_questions_are_answered_once(
    clerk: Caller, boss: Caller, admin: Caller, customer: int, three
) -> None:
    run = clerk.post("/order/bulk/do/place", {"ids": three})
    assert run["counts"]["done"] == 3
    assert run["action"] == "do/place"
    run = clerk.post("/order/bulk/withdraw", {"ids": three[:1], "comment": "later"})
    assert run["counts"]["done"] == 1
    assert [clerk.get(f"/order/{each}")["status"] for each in three] == ["draft", "review", "review"]
    for task in boss.get("/tasks")["items"]:
        boss.post(f"/tasks/{task['id']}/approve", {"seen": task["seen"]})
    run = clerk.post("/order/bulk/do/ship", {"ids": three, "values": {"carrier": "SF"}})
    assert outcomes(clerk, run) == {three[0]: "refused", three[1]: "done", three[2]: "done"}
    assert {clerk.get(f"/order/{each}")["carrier"] for each in three[1:]} == {"SF"}
    # Nobody presses for many what they may not press for one.
    run = boss.post("/order/bulk/do/place", {"ids": three})
    assert run["counts"]["refused"] == 3
    run = admin.post("/order/bulk/delete", {"ids": three[:1]})
    assert run["counts"]["done"] == 1
    clerk.refused(404, "GET", f"/order/{three[0]}")


def test_a_request_sent_again_is_the_same_run(clerk: Caller, three) -> None:
    body = {"ids": three, "values": {"carrier": "SF"}}
    with ThreadPoolExecutor(4) as pool:
        calls = [
            pool.submit(clerk.call, "POST", "/order/bulk/edit", body, Idempotency_Key="b1") for _ in range(4)
        ]
    answers = [each.result() for each in calls]
    assert {each.json()["id"] for each in answers} == {answers[0].json()["id"]}
    assert sum("idempotency-replayed" in each.headers for each in answers) == 3
    assert clerk.get(f"/order/bulk/{answers[0].json()['id']}")["counts"]["done"] == 3
    assert [len(clerk.get(f"/order/{each}/history")["items"]) for each in three] == [2, 2, 2]
    problem = clerk.refused(422, "POST", "/order/bulk/edit", {**body, "ids": three[:1]}, Idempotency_Key="b1")
    assert problem["type"] == "urn:orderkit:problem:idempotency_key_reused"
    # Without a key each is a run of its own.
    assert len({clerk.post("/order/bulk/edit", body)["id"] for _ in range(2)}) == 2


def test_more_than_a_few_go_on_in_the_background_and_are_stopped(
    clerk: Caller, other_clerk: Caller, runtime, customer: int
) -> None:
    ids = [clerk.post("/order", order(customer))["id"] for _ in range(21)]
    answer = clerk.call("POST", "/order/bulk/edit", {"ids": ids, "values": {"carrier": "SF"}})
    run = answer.json()
    assert (answer.status_code, run["state"], run["counts"]["waiting"]) == (202, "waiting", 21)
    for who in (other_clerk,):
        who.refused(404, "GET", f"/order/bulk/{run['id']}")
        who.refused(404, "GET", f"/order/bulk/{run['id']}/results")
        who.refused(404, "POST", f"/order/bulk/{run['id']}/stop")
    clerk.refused(404, "GET", f"/customer/bulk/{run['id']}")
    Worker(runtime, {BULK_JOB: BulkHandler()}).run_once()
    assert clerk.get(f"/order/bulk/{run['id']}")["counts"]["done"] == 21
    assert clerk.get(f"/order/{ids[-1]}/history")["items"][0]["channel"] == "api"
    clerk.refused(409, "POST", f"/order/bulk/{run['id']}/stop")

    run = clerk.call("POST", "/order/bulk/edit", {"ids": ids, "values": {"carrier": "YTO"}}).json()
    stopped = clerk.call("POST", f"/order/bulk/{run['id']}/stop")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "stopping")
    Worker(runtime, {BULK_JOB: BulkHandler()}).run_once()
    assert clerk.get(f"/order/bulk/{run['id']}")["state"] == "stopped"
    assert clerk.get(f"/order/{ids[0]}")["carrier"] == "SF"


def test_results_are_walked_page_by_page(clerk: Caller, three) -> None:
    run = clerk.post("/order/bulk/edit", {"ids": [*three, 998, 999], "values": {"carrier": "SF"}})
    seen, cursor = [], ""
    while True:
        page = clerk.get(f"/order/bulk/{run['id']}/results?limit=2{cursor}")
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [*three, 998, 999]


@pytest.mark.parametrize(
    ("address", "body", "wrong"),
    [
        ("edit", {}, {"ids": "required"}),
        ("edit", {"ids": []}, {"ids": "required"}),
        ("edit", {"ids": [1, "2", True, -1, 2**63]}, {f"ids.{n}": "wrong_type" for n in (1, 2, 3, 4)}),
        ("edit", {"ids": list(range(1, 1002))}, {"ids": "too_many"}),
        ("edit", {"ids": [1]}, {"values": "wrong_type"}),
        ("edit", {"ids": [1], "values": {}}, {"values": "required"}),
        ("edit", {"ids": [1], "values": {"carier": "x"}}, {"values.carier": "unknown_field"}),
        (
            "edit",
            {
                "ids": [1],
                "values": {
                    "lines": [],
                    "contract": 1,
                    "total": "1",
                    "status": "shipped",
                    "number": "x",
                    "id": 2,
                },
            },
            {f"values.{n}": "not_for_many" for n in ("lines", "contract", "total", "status", "number", "id")},
        ),
        ("edit", {"ids": [1], "values": {"ordered_on": "soon"}}, {"values.ordered_on": "wrong_type"}),
        ("edit", {"ids": [1], "value": {}}, {"value": "unknown_field"}),
        ("do/place", {"ids": [1], "values": {"carrier": "x"}}, {"values.carrier": "unknown_field"}),
        ("do/place", {"ids": [1], "workflow": "x"}, {"workflow": "unknown_workflow"}),
        ("delete", {"ids": "all"}, {"ids": "required"}),
    ],
)
def test_what_is_wrong_with_the_request_is_said_and_nothing_is_begun(
    clerk: Caller, three, address: str, body: dict, wrong: dict
) -> None:
    assert paths(clerk.refused(422, "POST", f"/order/bulk/{address}", body)) == wrong


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/order/bulk/do/nothing"),
        ("POST", "/customer/bulk/withdraw"),
        ("POST", "/nothing/bulk/edit"),
        ("GET", "/order/bulk/x"),
        ("GET", "/order/bulk/1"),
        ("POST", "/order/bulk/1/stop"),
    ],
)
def test_what_there_is_not_is_not_found(clerk: Caller, method: str, address: str) -> None:
    clerk.refused(404, method, address, {"ids": [1], "values": {}} if method == "POST" else None)


def test_nobody_changes_many_of_what_they_may_not_see(nobody: Caller, three) -> None:
    run = nobody.post("/order/bulk/edit", {"ids": three, "values": {"carrier": "SF"}})
    assert outcomes(nobody, run) == dict.fromkeys(three, "refused")
    assert {each["title"] for each in nobody.get(f"/order/bulk/{run['id']}/results")["items"]} == {""}


def test_a_field_that_one_may_not_write_is_refused_for_each(clerk: Caller, admin: Caller, three) -> None:
    run = clerk.post("/order/bulk/edit", {"ids": three, "values": {"secret": "5"}})
    assert run["counts"]["refused"] == 3
    assert [admin.get(f"/order/{each}")["secret"] for each in three] == [None] * 3
