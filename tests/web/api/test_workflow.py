"""Transitions and tasks over HTTP: an order from draft to shipped, and every way to be refused."""

import pytest

from tests.web.api.shop import Caller, order


@pytest.fixture
def placed(clerk: Caller, customer: int) -> int:
    made = clerk.post("/order", order(customer))["id"]
    clerk.post(f"/order/{made}/do/place")
    return int(made)


def test_an_order_goes_its_way(clerk: Caller, boss: Caller, placed: int) -> None:
    (task,) = boss.get("/tasks")["items"]
    assert (task["form"], task["record"], task["step"]) == ("order", placed, "boss")
    assert set(task["verbs"]) == {"approve", "reject", "return"}
    assert task["due_at"] == "2026-03-02T10:00:00+00:00"
    alone = boss.get(f"/tasks/{task['id']}")
    assert alone == {**task, "choices": alone["choices"]}
    assert [each["id"] for each in alone["choices"]["returns_to"]] == ["submitter"]
    decided = boss.post(f"/tasks/{task['id']}/approve", {"comment": "fine", "seen": task["seen"]})
    assert decided["state"] == "confirmed"
    assert boss.get("/tasks")["items"] == []
    assert [each["state"] for each in boss.get("/tasks?state=decided")["items"]] == ["approved"]
    shipped = clerk.post(f"/order/{placed}/do/ship", {"values": {"carrier": "SF"}, "comment": "out"})
    assert (shipped["status"], shipped["carrier"]) == ("shipped", "SF")


def test_buttons_say_why_they_are_grey(clerk: Caller, customer: int) -> None:
    free = clerk.post("/order", order(customer, ("gift", "1", "0")))
    (place,) = (
        each for each in clerk.get(f"/order/{free['id']}/do")["items"] if each["transition"] == "place"
    )
    assert (place["allowed"], place["why"]) == (False, "The order has no amount")
    problem = clerk.refused(422, "POST", f"/order/{free['id']}/do/place")
    assert problem["detail"] == "The order has no amount"


def test_what_a_transition_asks_for_is_checked(clerk: Caller, boss: Caller, placed: int) -> None:
    (task,) = boss.get("/tasks")["items"]
    boss.post(f"/tasks/{task['id']}/approve")
    address = f"/order/{placed}/do/ship"
    clerk.refused(422, "POST", address)
    clerk.refused(422, "POST", address, {"values": {"carrier": ["SF"]}})
    clerk.refused(422, "POST", address, {"values": {"total": "1"}})
    clerk.refused(422, "POST", address, {"values": [1]})
    clerk.refused(422, "POST", address, {"carrier": "SF"})
    clerk.refused(422, "POST", address, {"values": {"carrier": "SF"}, "comment": 5})
    assert clerk.get(f"/order/{placed}")["status"] == "confirmed"


def test_wrong_transitions_and_states_are_refused(clerk: Caller, boss: Caller, placed: int) -> None:
    assert "did you mean `ship`" in clerk.refused(404, "POST", f"/order/{placed}/do/shipp")["detail"]
    assert clerk.call("POST", f"/order/{placed}/do/ship").status_code in {409, 422}
    assert boss.call("POST", f"/order/{placed}/do/ship").status_code in {403, 409, 422}
    clerk.refused(404, "POST", "/order/9999/do/place")


def test_a_transition_takes_if_match(clerk: Caller, customer: int) -> None:
    made = clerk.post("/order", order(customer))
    clerk.call("PATCH", f"/order/{made['id']}", {"carrier": "SF"})
    clerk.refused(412, "POST", f"/order/{made['id']}/do/place", If_Match=f'"{made["revision"]}"')


def test_the_submitter_takes_an_order_back(clerk: Caller, boss: Caller, placed: int) -> None:
    taken = clerk.post(f"/order/{placed}/withdraw", {"comment": "wrong price"})
    assert taken["status"] == "draft"
    assert boss.get("/tasks")["items"] == []


def test_tasks_are_decided_by_their_assignee_with_the_words_asked_for(
    clerk: Caller, boss: Caller, placed: int
) -> None:
    (task,) = boss.get("/tasks")["items"]
    address = f"/tasks/{task['id']}"
    assert clerk.call("POST", f"{address}/approve").status_code in {403, 404}
    boss.refused(404, "POST", f"{address}/bless")
    boss.refused(422, "POST", f"{address}/reject")
    boss.refused(422, "POST", f"{address}/approve", {"remark": "x"})
    assert boss.post(f"{address}/reject", {"comment": "too dear"})["state"] == "cancelled"
    boss.refused(404, "GET", "/tasks/9999")
    boss.refused(400, "GET", "/tasks?state=new")
    boss.refused(400, "GET", "/tasks?colour=red")


def test_a_task_is_told_to_its_assignee_and_to_who_sees_its_record(
    clerk: Caller, other_clerk: Caller, nobody: Caller, boss: Caller, placed: int
) -> None:
    (task,) = boss.get("/tasks")["items"]
    address = f"/tasks/{task['id']}"
    assert clerk.get(address)["record"] == placed
    for stranger in (other_clerk, nobody):
        stranger.refused(404, "GET", address)
        assert stranger.call("POST", f"{address}/approve").status_code in {403, 404}
    assert boss.get(address)["state"] == "open"


def test_tasks_come_in_pages(clerk: Caller, boss: Caller, customer: int) -> None:
    for _ in range(3):
        clerk.post(f"/order/{clerk.post('/order', order(customer))['id']}/do/place")
    first = boss.get("/tasks?limit=2")
    second = boss.get(f"/tasks?limit=2&cursor={first['next_cursor']}")
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}
