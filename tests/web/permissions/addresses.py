"""Every address of the app that is looked at, also one that is added tomorrow, for every form, record and field."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import product

from starlette.routing import Route

from orderkit.model.analysis.reports import Report
from orderkit.model.forms import Form
from orderkit.web.api.serving import Address
from tests.web.permissions.oracle import Sight
from tests.web.permissions.walk import Walk

_FETCHED = re.compile(r'hx-get="(/[^"]+)"')
_STREAM = "/live"
"""`tests/web/live` and `decisions.news` listen to it: it never ends."""

_QUERIES: Mapping[str, Sequence[str]] = {
    "/forms/{form}": ("", "?sort={field}", "?group={field}", "?group=kind,{field}", "?q=zq"),
    "/forms/{form}/totals": ("", "?q=zq"),
    "/forms/{form}/export": ("", "?sort={field}"),
    "/forms/{form}/new": ("", "?copy={id}"),
    "/forms/{form}/options/{field}": ("?q=", "?q=zq"),
    "/forms/{form}/bulk/edit": ("?ids={ids}", "?all=1"),
    "/forms/{form}/bulk/move": ("?ids={ids}",),
    "/forms/{form}/bulk/delete": ("?ids={ids}", "?all=1"),
    "/forms/{form}/print/{document}": ("?ids={ids}", "?ids={id}"),
    "/forms/{form}/print/{document}/sheet": ("?ids={ids}", "?ids={id}"),
    "/forms/{form}/merge": ("?ids={ids}",),
    "/workflows/{workflow}/analytics/records": ("?of=state", "?of=resting", "?of=waiting", "?of=started"),
    "/palette": ("", "?q=zq", "?recent={form}/{id}"),
    "/home-records": ("", "?recent={form}/{id}"),
    "/reports/{report}": ("", "{question}"),
    "/api/v1/{form}": (
        "",
        "?count=true&limit=200",
        "?q=zq",
        "?fields=lines,{field}",
        "?sort={field}",
    ),
    "/api/v1/reports/{report}": ("{question}",),
}
"""What is asked behind an address beside the address itself."""


def addresses(walk: Walk, sight: Sight) -> None:
    """Look at addresses of each kind as one person, and at what their pages would fetch by themselves.

    Of a kind with many, such as each field of each record, some are drawn.
    """
    seen: set[str] = set()
    for route in walk.client.app.routes:  # type: ignore[attr-defined]  # an ASGI app to the client, Starlette to us
        if not isinstance(route, Route) or not _is_looked_at(route):
            continue
        for query in _QUERIES.get(route.path, ("",)):
            for path in walk.some(_filled(walk, route.path + query)):
                _look(walk, sight, route.path, path, seen)


def _look(
    walk: Walk, sight: Sight, route: str, path: str, seen: set[str], *, is_fetched: bool = False
) -> None:
    if path in seen:
        return
    seen.add(path)
    if path.startswith("/api/v1"):
        answer = walk.call(sight, "GET", path.removeprefix("/api/v1"))
    else:
        answer = walk.page(sight, path)
    walk.hold(sight, f"GET {route}", path, answer)
    if not is_fetched and answer.headers.get("content-type", "").startswith("text/html"):
        found = [unescape(each) for each in _FETCHED.findall(answer.text) if "/cells/" not in each]
        for each in walk.some(found):
            _look(walk, sight, f"{route} fetching", each, seen, is_fetched=True)


def _is_looked_at(route: Route) -> bool:
    if route.path == _STREAM or route.path.startswith("/static") or "{path" in route.path:
        return False
    if isinstance(route.endpoint, Address):
        return "GET" in route.endpoint.handlers
    return "GET" in (route.methods or ())


def _filled(walk: Walk, path: str) -> Iterator[str]:
    """Yield the address with all that can stand in it."""
    names = [part.split("}")[0] for part in path.split("{")[1:]]
    if "report" in names:
        for report in walk.memory.project.reports:
            for question in _questions(report):
                yield path.replace("{report}", report.id).replace("{question}", question)
        return
    for form in walk.forms if {"form", "field", "id"} & set(names) else [None]:
        kinds = [list(dict.fromkeys(_values(walk, form, name.partition(":")[0]))) for name in names]
        if not all(kinds):
            continue
        if "field" in names and {"id:id", "id"} & set(names):
            # Each field and each record will do: not each field of each record.
            for number in range(max(map(len, kinds))):
                yield _with(path, names, [each[number % len(each)] for each in kinds])
            continue
        for values in product(*kinds):
            yield _with(path, names, values)


def _questions(report: Report) -> Iterator[str]:
    for number in range(max(len(report.measures), len(report.dimensions))):
        by = report.dimensions[number % len(report.dimensions)].id
        for shift in (0, 1):
            measure = report.measures[(number + shift) % len(report.measures)].id
            yield f"?by={by}&measures={measure}"


def _with(path: str, names: Sequence[str], values: Sequence[str]) -> str:
    for name, value in zip(names, values, strict=True):
        path = path.replace(f"{{{name}}}", value, 1)
    return path


def _values(walk: Walk, form: Form | None, name: str) -> Iterable[str]:
    """Return what can stand for a part of an address."""
    found = _of_project(walk, name) if form is None else _of_form(walk, form, name)
    assert found is not None, f"what can stand for {name}?"
    return found


def _of_project(walk: Walk, name: str) -> Iterable[str] | None:
    project = walk.memory.project
    return {
        "id": ("1", "2", "3"),
        "dashboard": [each.id for each in project.dashboards],
        "page": [each.id for each in project.pages],
        "mapping": [*(each.id for each in project.imports), *(each.id for each in walk.forms)],
        "verb": ("approve", "return"),
        "workflow": [each.id for each in project.workflows],
        "part": ("times", "refusals", "variants", "throughput"),
        "format": ("csv", "xes"),
        "file": ("1",),
        "token": ("1",),
        # A font is the project's, and holds nothing of a record.
        "digest": ("0" * 64,),
    }.get(name)


def _of_form(walk: Walk, form: Form, name: str) -> Iterable[str] | None:
    project = walk.memory.project
    flows = project.workflows_by_form.get(form.id, ())
    ids, gone = walk.memory.tables[form.id], {each for named, each in walk.gone if named == form.id}
    return {
        "form": (form.id,),
        "id": [str(each) for each in sorted({*ids, *gone})],
        "ids": (",".join(map(str, ids)),),
        "field": [each.id for each in form.fields if each.type != "lines"],
        "document": [each.id for each in project.prints if each.form == form.id],
        "target": [each.id for each in walk.forms],
        "workflow": [each.id for each in flows],
        "transition": [each.id for flow in flows for each in flow.transitions],
        "comment": ("1", "2"),
        "mapping": [each.id for each in walk.forms],
        "at": ("2040-01", "2040-02"),
        # A workbook is no text; what stands in one is read elsewhere.
        "format": ("csv", "json"),
    }.get(name)
