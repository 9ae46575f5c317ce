"""Over real HTTP: what people do with approvals besides yes and no, by their pages and by the API."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from orderkit.engine import workflow
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.web.approved_shop import Shop, serving, yaml

STAFF = (
    Staff(login="ann"),
    Staff(login="lee", roles=("lead",)),
    Staff(login="kim", roles=("board",)),
    Staff(login="sam"),
    Staff(login="root", roles=("admin",)),
)
WORDS = """returned: draft
    terminated: {to: gone, by: role(board)}
    revoked: {to: draft, within: 3d, by: submitter}
    withdrawn: {to: draft, until: approved}
    cc: [{on: started, to: role(board)}]
    may: {return: [any], resume: ask, transfer: true, delegate: true, add_signer: true, remove_signer: true, cc: true, urge: {every: 2h}, bulk: 5}"""
STEP_TWO = "{id: two, approvers: role(board)}"
DONE = 303
CHOSEN = "{id: two, approvers: chosen_by(submitter), sign: true}"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def shop(databases, tmp_path_factory) -> Iterator[Shop]:
    mark = databases.mark()
    files = [each.replace(STEP_TWO, CHOSEN) for each in yaml(more=WORDS)]
    model = project(*files)
    folder = tmp_path_factory.mktemp("shop")
    office = open_office(model, databases.make(model, "sqlite", threads=6), folder, FakeClock(), STAFF)
    with serving(office) as url:
        yield Shop(office, url)
    databases.clear(mark)


def placed(shop: Shop) -> int:
    order = shop.order()
    body = {"approvers": {"two": [shop.office.ids["kim"]]}}
    answer = shop.api("ann", "POST", f"/order/{order}/do/place", body)
    assert answer.status_code == 200, answer.text
    return order


def task_of(shop: Shop, login: str, order: int) -> dict:
    items = shop.api(login, "GET", "/tasks").json()["items"]
    return next(each for each in items if each["record"] == order)


def reads(shop: Shop, login: str, path: str) -> str:
    with shop._reader(login) as reader:
        page = reader.get(path)
        assert page.status == 200, page.text
        return str(page.html)


def test_every_verb_has_its_dialog_and_does_what_it_says(shop: Shop) -> None:
    order = placed(shop)
    task = task_of(shop, "lee", order)
    assert task["also"] == ["transfer", "delegate", "add_signer", "copy"]
    page = reads(shop, "lee", f"/forms/order/{order}")
    for verb in ("transfer", "delegate", "add_signer", "copy"):
        assert f'hx-get="/tasks/{task["id"]}/{verb}"' in page
        dialog = reads(shop, "lee", f"/tasks/{task['id']}/{verb}")
        assert 'name="people"' in dialog
        assert ">sam<" in dialog
        assert ">lee<" not in dialog
    sam = shop.office.ids["sam"]
    address = f"/tasks/{task['id']}"
    assert shop.page("lee", f"{address}/delegate", {"people": sam, "comment": "well?"}) == DONE
    helping = task_of(shop, "sam", order)
    assert (helping["is_help"], helping["verbs"]) == (True, ["answer"])
    assert 'name="comment"' in reads(shop, "sam", f"/tasks/{helping['id']}/answer")
    assert shop.page("sam", f"/tasks/{helping['id']}/answer", {"comment": "fine"}) == DONE
    signers = {"people": sam, "place": "before", "mode": "all"}
    assert shop.page("lee", f"{address}/add_signer", signers) == DONE
    page = reads(shop, "lee", f"/forms/order/{order}")
    (remove,) = re.findall(r'hx-get="(/tasks/\d+/remove_signer)"', page)
    assert "sam" in reads(shop, "lee", remove)
    assert shop.page("lee", remove, {}) == DONE
    assert shop.page("lee", f"{address}/transfer", {"people": sam}) == DONE
    assert task_of(shop, "sam", order)["verbs"] == ["approve", "reject", "return"]


def test_what_was_chosen_wrongly_is_said_in_words(shop: Shop) -> None:
    order = placed(shop)
    task = task_of(shop, "lee", order)
    for body in ({}, {"people": [10**9]}, {"people": [shop.office.ids["sam"]] * 2}):
        answer = shop.api("lee", "POST", f"/tasks/{task['id']}/transfer", body)
        assert answer.status_code == 422, answer.text
    for body in ({"people": "sam"}, {"people": [True]}, {"approvers": []}, {"signature": "x"}):
        assert shop.api("lee", "POST", f"/tasks/{task['id']}/approve", body).status_code in {400, 422}
    assert shop.page("lee", f"/tasks/{task['id']}/transfer", {"people": "<x>"}) == 422
    assert shop.api("lee", "POST", f"/tasks/{task['id']}/dance").status_code == 404


def test_the_submitter_chooses_in_the_dialog(shop: Shop) -> None:
    order = shop.order()
    dialog = reads(shop, "ann", f"/forms/order/{order}/do/life/place")
    assert 'name="approvers.two"' in dialog
    revision = shop.read(order).get("revision", 1)
    address = f"/forms/order/{order}/do/life/place"
    assert shop.page("ann", address, {"revision": revision}) == 422
    kim = shop.office.ids["kim"]
    assert shop.page("ann", address, {"revision": revision, "approvers.two": kim}) == DONE
    assert shop.read(order)["status"] == "review"


def test_a_signature_comes_with_the_approval(shop: Shop) -> None:
    order = placed(shop)
    shop.office.decide("lee")
    task = task_of(shop, "kim", order)
    address = f"/tasks/{task['id']}/approve"
    assert 'type="file"' in reads(shop, "kim", address)
    assert shop.page("kim", address, {"comment": ""}) == 422
    with shop._reader("kim") as reader:
        sent = reader.post(address, {"seen": task["seen"]}, files={"signature": ("s.png", PNG)}, follow=False)
        assert sent.status == DONE, sent.text
    assert shop.read(order)["status"] == "open"
    page = reads(shop, "ann", f"/forms/order/{order}")
    (link,) = re.findall(r'href="(/files/\d+)"', page)
    with shop._reader("ann") as reader:
        assert reader.get(link).status == 200


def test_a_return_goes_to_a_step_and_the_submitter_says_how_it_goes_on(shop: Shop) -> None:
    order = placed(shop)
    shop.office.decide("lee")
    task = task_of(shop, "kim", order)
    dialog = reads(shop, "kim", f"/tasks/{task['id']}/return")
    assert re.findall(r'name="to" value="(\w+)"', dialog) == ["submitter", "one"]
    assert 'name="resume"' in dialog
    back = {"to": "submitter", "comment": "why?", "seen": task["seen"]}
    assert shop.page("kim", f"/tasks/{task['id']}/return", back) == DONE
    assert shop.read(order)["status"] == "draft"
    assert 'name="resume" value="direct"' in reads(shop, "ann", f"/forms/order/{order}/do/life/place")
    body = {"approvers": {"two": [shop.office.ids["kim"]]}, "resume": "direct"}
    assert shop.api("ann", "POST", f"/order/{order}/do/place", body).status_code == 200
    assert task_of(shop, "kim", order)["step"] == "two"


@pytest.mark.parametrize("by", ["page", "api"])
def test_verbs_on_a_whole_record(shop: Shop, by: str) -> None:
    def does(login: str, order: int, verb: str) -> int:
        if by == "api":
            return shop.api(login, "POST", f"/order/{order}/{verb}", {"comment": "so be it"}).status_code
        return shop.page(login, f"/forms/order/{order}/{verb}", {"comment": "so be it"})

    fine = 200 if by == "api" else DONE
    order = placed(shop)
    assert does("ann", order, "urge") == fine
    assert does("ann", order, "urge") == 409 or by == "page"
    assert does("ann", order, "terminate") in {403, 404}
    assert does("ann", order, "withdraw") == fine
    order = placed(shop)
    assert does("kim", order, "terminate") == fine
    assert shop.read(order)["status"] == "gone"
    assert does("kim", order, "dance") in {404, 405}


def test_copies_stand_in_the_inbox_until_they_are_read(shop: Shop) -> None:
    order = placed(shop)
    (link,) = re.findall(
        r'href="(/copies/\d+)"[^>]*>' + shop.read(order)["code"], reads(shop, "kim", "/inbox?state=copies")
    )
    with shop._reader("kim") as reader:
        assert reader.get(link).path == f"/forms/order/{order}"
    items = shop.api("kim", "GET", "/tasks/copies").json()["items"]
    assert next(each for each in items if each["record"] == order)["read_at"] is not None
    with shop._reader("ann") as reader:
        assert reader.get(link).status == 404


def test_a_substitute_is_named_on_the_account_page(shop: Shop) -> None:
    order = placed(shop)
    page = reads(shop, "lee", "/account")
    assert 'name="substitute"' in page
    today = shop.office.today.isoformat()
    sent = {"substitute": shop.office.ids["sam"], "from": today, "until": today}
    assert shop.page("lee", "/account/substitutes", {**sent, "until": "soon"}) == 422
    assert shop.page("lee", "/account/substitutes", {**sent, "substitute": "<x>"}) == 422
    assert shop.page("lee", "/account/substitutes", sent) == DONE
    assert task_of(shop, "sam", order)["substitutes"]
    assert "in place of lee" in reads(shop, "sam", f"/forms/order/{order}") or "代lee处理" in reads(
        shop, "sam", f"/forms/order/{order}"
    )
    (ends,) = re.findall(r'action="(/account/substitutes/\d+/end)"', reads(shop, "sam", "/account"))
    assert shop.page("kim", ends, {}) == 404
    assert shop.page("sam", ends, {}) == DONE


def test_substitutes_over_the_api(shop: Shop) -> None:
    now = shop.office.runtime.clock.now()
    body = {
        "substitute": shop.office.ids["sam"],
        "from": now.isoformat(),
        "until": (now + timedelta(days=1)).isoformat(),
    }
    made = shop.api("kim", "POST", "/tasks/substitutions", body)
    assert made.status_code == 201, made.text
    for wrong in ({**body, "from": "today"}, {**body, "substitute": "sam"}, {**body, "until": body["from"]}):
        assert shop.api("kim", "POST", "/tasks/substitutions", wrong).status_code in {400, 422}
    (item,) = shop.api("sam", "GET", "/tasks/substitutions").json()["items"]
    assert (item["user"]["name"], item["substitute"]["name"]) == ("kim", "sam")
    assert shop.api("sam", "DELETE", f"/tasks/substitutions/{item['id']}").status_code == 200
    assert shop.api("sam", "DELETE", f"/tasks/substitutions/{item['id']}").status_code == 404


def test_several_tasks_at_once_over_the_api(shop: Shop) -> None:
    orders = [placed(shop) for _ in range(2)]
    tasks = [task_of(shop, "lee", each)["id"] for each in orders]
    answer = shop.api("lee", "POST", "/tasks/bulk/approve", {"tasks": [*tasks, 10**9]})
    assert [each["done"] for each in answer.json()["items"]] == [True, True, False]
    assert shop.api("lee", "POST", "/tasks/bulk/transfer", {"tasks": tasks}).status_code == 422
    with shop.office.look("kim") as unit:
        assert {each.record_id for each in workflow.tasks(unit)} >= set(orders)
