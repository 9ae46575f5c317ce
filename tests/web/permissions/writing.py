"""What somebody tries to change: only what the oracle allows is changed, and no refusal tells what is hidden."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import xlsxwriter

from orderkit.engine.importing.options import Options
from orderkit.engine.importing.run import run
from orderkit.engine.records import Update, apply
from orderkit.model.errors import Denied, NotFound, OrderkitError, Refused
from orderkit.model.forms import Form
from tests.web.permissions.markers import Mint
from tests.web.permissions.oracle import Memory, Path, Sight, paths_of
from tests.web.permissions.walk import Walk

_OF_ACCESS = frozenset(
    {"hidden", "masked", "readonly", "state", "approved", "row_rule", "no_grant", "computed"}
)
_TRIED = ("text", "longtext", "money", "decimal", "integer", "date")


class _Undo(Exception):
    pass


def _tried(walk: Walk, form: Form, record_id: int) -> Iterator[tuple[Path, Any]]:
    """Yield fields with values that would be new in them."""
    mint = Mint(made=70_000 + record_id * 100, days=2_000)
    for path in paths_of(walk.memory.project, form):
        if path.collection is None and path.field.type in _TRIED and not path.field.system:
            match path.field.type:
                case "text" | "longtext":
                    yield path, mint.word()
                case "integer":
                    yield path, mint.integer()
                case "date":
                    yield path, mint.day()
                case _:
                    yield path, mint.number()


def changes(walk: Walk, sight: Sight) -> None:
    """Change each field of each record in turn, and take it back."""
    for form, record_id in walk.records():
        for path, value in _tried(walk, form, record_id):
            what = f"{form.id} {record_id} {path.text}"
            # Who may not read a record may still be granted to write it, without seeing it.
            is_blind = not sight.reads(form.id, record_id)
            expected = (
                sight.writes_blindly(form.id, record_id, path)
                if is_blind
                else sight.writes(form.id, record_id, path)
            )
            refused = _changed(walk, sight, form.id, record_id, {path.text: value})
            if refused is None or isinstance(refused, Denied | NotFound):
                walk.same(sight, "change", what, refused is None, expected)
            else:
                assert isinstance(refused, Refused)
                by_access = any(each.code in _OF_ACCESS for each in refused.problems)
                walk.same(sight, "change", f"{what} {refused}", not by_access, expected)
            if isinstance(refused, OrderkitError):
                _say(walk, sight, what, refused)


def _changed(
    walk: Walk, sight: Sight, form: str, record_id: int, values: dict[str, Any]
) -> OrderkitError | None:
    try:
        with suppress(_Undo), walk.office.act(sight.login) as unit:
            apply(unit, [Update(form=form, id=record_id, values=values)])
            raise _Undo
    except OrderkitError as error:
        return error
    return None


def _say(walk: Walk, sight: Sight, what: str, refused: OrderkitError) -> None:
    """Find nothing hidden in what a refusal says."""
    said = [str(refused.explain)]
    if isinstance(refused, Refused):
        said += [f"{each.message} {each.help}" for each in refused.problems]
    leaked = walk.markers.found_in(" ".join(said)) - walk.permitted(sight)
    walk.same(sight, "refusal", what, leaked, set())


def calls(walk: Walk, sight: Sight) -> None:
    """Send what must be refused through the API, the form, a single cell and a change of many: nothing is written."""
    before = Memory(walk.office).tables
    for form, record_id in walk.some(walk.records()):
        refused = [
            (path, value)
            for path, value in _tried(walk, form, record_id)
            if not sight.writes(form.id, record_id, path)
            and not sight.writes_blindly(form.id, record_id, path)
        ]
        for path, value in walk.some(refused):
            what = f"{form.id} {record_id} {path.text}"
            text = str(value)
            address = f"/forms/{form.id}/{record_id}"
            answers = {
                "API change": walk.call(sight, "PATCH", f"/{form.id}/{record_id}", {path.text: text}),
                "form": walk.page(sight, address, {path.text: text, "touched": path.text}),
                "draft": walk.page(sight, f"{address}/draft", {path.text: text, "touched": path.text}),
                "cell": walk.page(sight, f"{address}/cells/{path.text}", {path.text: text}),
                "API bulk": walk.call(
                    sight, "POST", f"/{form.id}/bulk/edit", {"ids": [record_id], "values": {path.text: text}}
                ),
                "bulk": walk.page(
                    sight,
                    f"/forms/{form.id}/bulk/edit",
                    {"ids": str(record_id), "set": path.text, path.text: text},
                ),
            }
            for channel, answer in answers.items():
                walk.hold(sight, channel, what, answer, text)
        if not sight.deletes(form.id, record_id):
            for channel, answer in {
                "API delete": walk.call(sight, "DELETE", f"/{form.id}/{record_id}"),
                "delete": walk.page(sight, f"/forms/{form.id}/{record_id}/delete", {}),
                "API bulk delete": walk.call(sight, "POST", f"/{form.id}/bulk/delete", {"ids": [record_id]}),
            }.items():
                walk.hold(sight, channel, f"{form.id} {record_id}", answer)
        if not sight.reads(form.id, record_id):
            for channel, answer in {
                "API comment": walk.call(sight, "POST", f"/{form.id}/{record_id}/comments", {"text": "in"}),
                "comment": walk.page(sight, f"/forms/{form.id}/{record_id}/comments", {"text": "in"}),
                "follow": walk.page(sight, f"/forms/{form.id}/{record_id}/follow", {}),
            }.items():
                walk.hold(sight, channel, f"{form.id} {record_id}", answer)
                walk.same(sight, channel, f"{form.id} {record_id}", answer.status_code, 404)
    after = Memory(walk.office).tables
    for form in walk.forms:
        walk.same(sight, "calls", f"{form.id} was written", after[form.id], before[form.id])


def imports(walk: Walk, sight: Sight) -> None:
    """Import a sheet that would change what may not be changed: it is refused, and tells nothing."""
    folder = walk.office.runtime.files_folder
    folder.mkdir(parents=True, exist_ok=True)
    for form in walk.forms:
        for record_id in walk.some(walk.memory.tables[form.id])[:1]:
            named = [path for path, _ in _tried(walk, form, record_id) if path.text == "name"]
            if not named:
                continue
            for path, value in walk.some(_tried(walk, form, record_id)):
                name = walk.memory.value(form.id, record_id, "name")
                if path.text == "name" or sight.writes(form.id, record_id, path):
                    continue
                sheet = folder / "changes.xlsx"
                with xlsxwriter.Workbook(str(sheet)) as book:
                    page = book.add_worksheet()
                    page.write_row(0, 0, ["名字", "新值"])
                    page.write_row(1, 0, [str(name), str(value)])
                before = Memory(walk.office).tables[form.id][record_id]
                said = ""
                try:
                    person = walk.office.person(sight.login)
                    result = run(
                        walk.office.runtime, person, f"{form.id}_{path.text}", sheet, options=Options()
                    )
                    said = str((result.problems, result.warnings))
                except OrderkitError as error:
                    said = str(error.explain)
                what = f"{form.id} {record_id} {path.text}"
                walk.same(sight, "import", what, Memory(walk.office).tables[form.id][record_id], before)
                asked = {str(name), str(value)}
                leaked = walk.markers.found_in(said) - walk.permitted(sight) - asked
                walk.same(sight, "import", f"{what} tells", leaked, set())
