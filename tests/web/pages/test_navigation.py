"""The menus of a project as one person sees them, and the home page of their role."""

from dataclasses import replace

import pytest

from orderkit.engine.accounts import find_person
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.labels import label
from orderkit.model.menus import Menu, MenuGroup, MenuLink
from orderkit.web.frame.navigation import navigation
from orderkit.web.rendering.texts import load_texts


def _link(kind: str, target: str, **more: object) -> MenuLink:
    return MenuLink(kind=kind, target=target, label=label(zh=target, en=target), **more)


def _seen(office, menus: tuple[Menu, ...], login: str, **waiting: int):
    runtime = replace(office.runtime, project=replace(office.runtime.project, menus=menus))
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        person = find_person(unit, login)
    with runtime.read(person, Channel.PAGE) as unit:
        groups = navigation(unit, load_texts().speaker("en"), open_tasks=0, waiting=waiting)
    return [
        (group.label, group.icon, [(link.url, link.icon, link.count) for link in group.items])
        for group in groups
    ]


def test_who_may_not_read_a_target_sees_no_link_and_no_empty_group(office) -> None:
    main = Menu(
        id="main",
        items=(
            _link("dashboard", "overview"),
            MenuGroup(label=label(zh="分析", en="分析"), icon="coins", items=(_link("report", "sales"),)),
            MenuGroup(label=label(zh="导入", en="Imports"), items=(_link("import", "online_retail"),)),
        ),
    )
    assert [name for name, _, _ in _seen(office, (main,), "li")][:2] == ["", "分析"]
    nobody = _seen(office, (main,), "zhao")
    assert [name for name, _, _ in nobody] == [""]
    assert [url for url, _, _ in nobody[0][2]] == ["/", "/inbox"]


def test_icons_and_counts_stand_with_their_links(office) -> None:
    items = (
        MenuGroup(
            label=label(en="Sales"),
            icon="no-such-icon",
            items=(_link("form", "order", icon="truck"), _link("form", "customer", icon="no-such-icon")),
        ),
    )
    (_, (name, icon, links)) = _seen(office, (Menu(id="main", items=items),), "li", order=3)
    assert (name, icon) == ("Sales", "")
    assert links == [("/forms/order", "truck", 3), ("/forms/customer", "list-details", 0)]


@pytest.mark.parametrize("name", [label(zh="更多", en="More"), None])
def test_several_menus_are_shown_one_below_the_other(office, name) -> None:
    menus = (
        Menu(id="main", items=(_link("form", "order"),)),
        Menu(id="more", label=name, items=(_link("form", "customer"),)),
    )
    first, second = _seen(office, menus, "li")
    assert [url for url, _, _ in first[2]] == ["/", "/inbox", "/forms/order"]
    assert second[0] == ("更多" if name else "more")
    assert [url for url, _, _ in second[2]] == ["/forms/customer"]


def test_the_menu_counts_what_waits_with_each_form(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    links = as_("li").get("/").all("a", "navigation-link")
    assert {each.attributes["href"]: each.text for each in links}["/forms/order"].endswith("1")


def test_the_dashboard_of_a_role_comes_before_that_of_the_menu(as_, office) -> None:
    project = office.runtime.project
    role = next(each for each in project.roles if each.id == "lead")
    assert as_("li").get("/").one("section", id="panel").attributes["hx-get"] == "/dashboards/overview/panel"
    turned = replace(role, dashboards=("team", *role.dashboards))
    roles = tuple(turned if each is role else each for each in project.roles)
    object.__setattr__(office.runtime, "project", replace(project, roles=roles))
    panel = as_("li").get("/").one("section", id="panel").attributes["hx-get"]
    assert panel == "/dashboards/team/panel"


def test_home_offers_what_one_began_until_it_is_sent_on(as_, office, order) -> None:
    drafts = as_("zhang").get("/home-records")
    assert [each.attributes["href"] for each in drafts.all("a")] == [f"/forms/order/{order}"]
    assert as_("li").get("/home-records").all("a") == []
    office.do("zhang", "order", order, "quote")
    assert as_("zhang").get("/home-records").all("a") == []


def test_home_names_what_was_seen_lately_if_it_may_still_be_read(as_, order) -> None:
    asked = (
        f"/home-records?recent=order/{order}&recent=user/1&recent=order/999&recent=nonsense&recent=order/x"
    )
    assert f"/forms/order/{order}" in as_("li").get(asked).html
    assert as_("zhao").get(asked).all("a", href=f"/forms/order/{order}") == []


def test_whoever_creates_many_kinds_finds_all_of_them(as_) -> None:
    page = as_("root").get("/")
    offered = [each.attributes["href"] for each in page.all("a") if each.attributes["href"].endswith("/new")]
    assert len(offered) == len(set(offered)) > 2
