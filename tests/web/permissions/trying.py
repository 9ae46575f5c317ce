"""What can be found out by trial: searches, filters and orders on what is not shown."""

from datetime import date
from urllib.parse import quote

from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form, ids_in
from orderkit.model.rights import Right
from tests.web.permissions.oracle import Sight, paths_of
from tests.web.permissions.reading import COMPARED, linked
from tests.web.permissions.walk import Walk


def trials(walk: Walk, sight: Sight) -> None:
    """Try to find out by searching and filtering what is not shown."""
    for form in walk.forms:
        if not sight.may_ever_read(form.id):
            continue
        for path in walk.some(paths_of(walk.memory.project, form)):
            if path.collection is None and path.field.is_stored and path.field.type != "lines":
                _sort(walk, sight, form, path.text)
            for record_id in walk.some(walk.memory.tables[form.id]):
                for value in walk.markers.values(form.id, record_id, path.text):
                    _search(walk, sight, form, value)
                if path.collection is None and path.field.is_stored and path.field.type in COMPARED:
                    _filter(walk, sight, form, path.text, walk.memory.value(form.id, record_id, path.text))


def _sort(walk: Walk, sight: Sight, form: Form, name: str) -> None:
    """Order a list by a field: where it is not seen, the place in the list tells nothing of it."""
    for sign in ("", "-"):
        answer = walk.call(sight, "GET", f"/{form.id}?sort={sign}{name}&limit=200")
        if answer.status_code != 200:
            continue
        ids = [each["id"] for each in answer.json()["items"]]
        unseen = [
            place
            for place, each in enumerate(ids)
            if sight.sees(form.id, each, name) is not Right.READ
            or walk.memory.value(form.id, each, name) is None
        ]
        together = not unseen or unseen[-1] - unseen[0] + 1 == len(unseen)
        walk.same(sight, "sort", f"{form.id}?sort={sign}{name} keeps the unseen together", together, True)
        apart = [ids[place] for place in unseen]
        is_by_id = apart in (sorted(apart), sorted(apart, reverse=True))
        walk.same(sight, "sort", f"{form.id}?sort={sign}{name} orders the unseen by id", is_by_id, True)


def _search(walk: Walk, sight: Sight, form: Form, value: Scalar) -> None:
    if not isinstance(value, str) or not walk.markers.found_in(value):
        return
    allowed = {each for each in walk.memory.tables[form.id] if _tells(walk, sight, form, each, value)}
    answer = walk.call(sight, "GET", f"/{form.id}?q={quote(value)}&limit=200")
    walk.hold(sight, "search", f"{form.id} {value}", answer)
    found = {each["id"] for each in answer.json()["items"]}
    walk.same(sight, "search", f"{form.id} {value} finds more than", found - allowed, set())
    palette = walk.page(sight, f"/palette?q={quote(value)}")
    walk.hold(sight, "palette", value, palette, value)
    offered = linked(palette.text, form.id)
    walk.same(sight, "palette", f"{form.id} {value} finds more than", offered - allowed, set())
    must = {
        each
        for each in allowed
        for field in form.fields
        if field.type == "text" and field.is_stored
        if walk.memory.value(form.id, each, field.id) == value
        if sight.sees(form.id, each, field.id) is Right.READ
    }
    walk.same(sight, "search", f"{form.id} {value} does not find", must - found, set())


def _tells(walk: Walk, sight: Sight, form: Form, record_id: int, word: str) -> bool:
    """Return whether a record may be found by a word: something that this person sees there says it."""
    if not sight.reads(form.id, record_id):
        return False
    if word in walk.memory.title(form.id, record_id):
        return True
    for path in paths_of(walk.memory.project, form):
        if sight.sees(form.id, record_id, path.text) is not Right.READ:
            continue
        for value in walk.markers.values(form.id, record_id, path.text):
            if isinstance(value, str) and word in value:
                return True
            target = path.field.target
            if target is not None and any(word in walk.memory.title(target, each) for each in ids_in(value)):
                return True
    return False


def _filter(walk: Walk, sight: Sight, form: Form, name: str, value: Scalar) -> None:
    seen = {
        each: walk.memory.value(form.id, each, name)
        for each in walk.memory.tables[form.id]
        if sight.reads(form.id, each) and sight.sees(form.id, each, name) is Right.READ
    }
    asked = {f"{name}.empty=true": {each for each, found in seen.items() if found is None}}
    if value is not None:
        text = value.isoformat() if isinstance(value, date) else str(value)
        asked[f"{name}={quote(text)}"] = {each for each, found in seen.items() if found == value}
        asked[f"{name}.not={quote(text)}"] = {each for each, found in seen.items() if found != value}
    for query, expected in asked.items():
        answer = walk.call(sight, "GET", f"/{form.id}?{query}&limit=200")
        walk.hold(sight, "filter", f"{form.id}?{query}", answer)
        if answer.status_code == 200:
            found = {each["id"] for each in answer.json()["items"]}
            if ".not=" in query:
                # What is empty may or may not be none of the values; what is hidden never is.
                empty = {each for each, kept in seen.items() if kept is None}
                walk.same(sight, "filter", f"{form.id}?{query}", found - empty, expected - empty)
            else:
                walk.same(sight, "filter", f"{form.id}?{query}", found, expected)
        else:
            walk.same(sight, "filter", f"{form.id}?{query} is refused", bool(seen), False)
