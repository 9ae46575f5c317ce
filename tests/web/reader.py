"""Somebody at a browser without scripts: keeps cookies, reads the page, sends its forms back."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser

import httpx2
from starlette.testclient import TestClient

VOID = frozenset({"input", "meta", "link", "br", "hr", "img"})
CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


@dataclass(slots=True)
class Element:
    """One element of a page, with its text and where it stands."""

    tag: str
    attributes: dict[str, str]
    ancestors: tuple["Element", ...]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def inside(self, tag: str) -> bool:
        return any(each.tag == tag for each in self.ancestors)


class Page(HTMLParser):
    """A page as it was answered."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.response = response
        self.status = response.status_code
        self.url = str(response.url)
        self.path = response.url.path
        self.html = response.text
        self._seen: list[Element] = []
        self._open: list[Element] = []

    @cached_property
    def elements(self) -> list[Element]:
        """What stands on the page; many a page is opened for its status alone, and reading one takes long."""
        self.feed(self.html)
        return self._seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self._seen.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == tag for each in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    @property
    def text(self) -> str:
        main = self.all("main") or self.all("body") or self.elements[:1]
        return main[0].text if main else self.html

    @property
    def title(self) -> str:
        return self.all("title")[0].text

    @property
    def csrf(self) -> str:
        found = CSRF.search(self.html)
        return unescape(found[1]) if found else ""

    def all(self, tag: str = "", cls: str = "", **attributes: str) -> list[Element]:
        """Return the elements that fit; an attribute `data_href` is written `data-href`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.elements
            if (not tag or each.tag == tag)
            and (not cls or cls in each.classes)
            and all(each.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", cls: str = "", **attributes: str) -> Element:
        found = self.all(tag, cls, **attributes)
        assert len(found) == 1, (
            f"{len(found)} of <{tag} .{cls} {attributes}> on {self.url}: {self.text[:300]}"
        )
        return found[0]

    def texts(self, tag: str = "", cls: str = "", **attributes: str) -> list[str]:
        return [each.text for each in self.all(tag, cls, **attributes)]

    def form(self, action: str) -> dict[str, list[str]]:
        """Return what a form would send as it stands."""
        values: dict[str, list[str]] = {}
        for each in self.elements:
            forms = [a for a in each.ancestors if a.tag == "form"]
            if not forms or forms[-1].attributes.get("action") != action or each.inside("template"):
                continue
            name = each.attributes.get("name")
            if each.tag == "option" and "selected" in each.attributes:
                name = [a for a in each.ancestors if a.tag == "select"][-1].attributes["name"]
            elif each.tag == "textarea" and name:
                values.setdefault(name, []).append("".join(each.texts))
                continue
            elif each.tag != "input" or not name:
                continue
            if each.attributes.get("type") in {"checkbox", "radio"} and "checked" not in each.attributes:
                continue
            if each.attributes.get("type") == "file":
                continue
            values.setdefault(name, []).append(each.attributes.get("value", ""))
        return values


class Reader:
    """Goes from page to page."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.csrf = ""

    def get(self, path: str, *, follow: bool = True, **headers: str) -> Page:
        return self._seen(self.client.get(path, headers=_named(headers), follow_redirects=follow))

    def post(
        self,
        path: str,
        data: dict[str, object] | None = None,
        *,
        follow: bool = True,
        files=None,
        **headers: str,
    ) -> Page:
        """Send a form, with the token that the last page carried."""
        sent = {"csrf_token": self.csrf, **(data or {})}
        answer = self.client.post(
            path, data=sent, files=files, headers=_named(headers), follow_redirects=follow
        )
        return self._seen(answer)

    def htmx(self, path: str, data: dict[str, object] | None = None) -> Page:
        """Send a form as htmx does."""
        return self.post(path, data, follow=False, hx_request="true", x_csrf_token=self.csrf)

    def sign_in(self, login: str, password: str) -> Page:
        self.get("/sign-in")
        return self.post("/sign-in", {"login": login, "password": password})

    def _seen(self, response: httpx2.Response) -> Page:
        page = Page(response)
        self.csrf = page.csrf or self.csrf
        return page


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
