"""Records of a run: the same calls as the page of each makes, and why one was refused, in words."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from orderkit.engine import records, workflow
from orderkit.engine.bulk.actions import BulkAction, Edit, Move, Remove
from orderkit.engine.bulk.runs import Outcome
from orderkit.engine.records import Delete, Update
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, Denied, NotFound, OrderkitError, Problem, Refused, Stale
from orderkit.model.forms import Form, FormId
from orderkit.model.labels import Label, label, text_of

REFUSALS = (NotFound, Denied, Refused, Stale, Conflict)
"""What is a result of one record; anything else stops the run, which is then taken up again."""

_WORDS: dict[type[OrderkitError], Label] = {
    NotFound: label(
        zh="不存在、已被删除，或没有查看权限", en="it does not exist, was deleted, or you may not see it"
    ),
    Denied: label(zh="没有权限", en="you may not do this"),
    Refused: label(zh="不符合规则", en="the rules of the project do not allow it"),
    Stale: label(zh="刚刚被他人修改，请再试一次", en="somebody has just changed it; try again"),
    Conflict: label(zh="已经做过，或与已有内容冲突", en="this was done already, or collides with something"),
}


_MOST_EDITS = 100
_MOST_OTHERS = 50


def most_together(action: BulkAction, dialect: str) -> int:
    """Return how many records may be done in one transaction."""
    if isinstance(action, Edit):
        return _MOST_EDITS
    # Each has a savepoint: with many of them, measured, PostgreSQL takes longer than with as many transactions.
    return _MOST_OTHERS if dialect == "sqlite" else 1


def perform(
    unit: Unit, form_id: FormId, ids: Sequence[int], action: BulkAction
) -> list[Outcome | OrderkitError]:
    """Do it to these records, at most `most_together`; return what became of them, or why one was refused.

    The answer may end before they do: what is left then goes into another transaction.
    Raises: one of REFUSALS, when an edit is refused; then none of them is done.
    """
    found = (each for each in ids if 0 < each < 2**63)
    if not isinstance(action, Edit):
        # Locked in one order before anything else is, so that whoever holds one of them waits for none of us.
        rows_of(unit).load(form_id, found, lock=True)
        return list(_one_by_one(unit, form_id, ids, action))
    rows_of(unit).load(form_id, found)
    for each in ids:
        readable_row(unit, form_id, each)
    changes = [Update(form=form_id, id=each, values=dict(action.values)) for each in ids]
    applied = records.apply(unit, changes)
    return [Outcome.DONE if each.has_changed else Outcome.UNCHANGED for each in applied]


def reason_of(error: OrderkitError, form: Form) -> Label:
    """Return why a record was refused, naming the fields; in both languages, as results outlive the request."""
    if isinstance(error, Refused) and error.problems:
        told = [_told(each, form) for each in error.problems]
        return label(
            zh="；".join(text_of(each, "zh") for each in told),
            en="; ".join(text_of(each, "en") for each in told),
        )
    if len(error.explain) > 1:
        return error.explain
    return next((words for kind, words in _WORDS.items() if isinstance(error, kind)), error.explain)


def _one_by_one(
    unit: Unit, form_id: FormId, ids: Sequence[int], action: Move | Remove
) -> Iterator[Outcome | OrderkitError]:
    """Yield what became of each: what one of them does may decide whether the next is allowed."""
    for each in ids:
        try:
            with unit.within() as own:
                readable_row(own, form_id, each)
                match action:
                    case Move():
                        _move(own, form_id, each, action)
                    case Remove():
                        records.apply(own, [Delete(form=form_id, id=each)])
                    case _:
                        assert_never(action)
        except REFUSALS as error:
            yield error
        else:
            yield Outcome.DONE
        if unit.has_written_hot_rows:
            # Others wait for these rows, and are not made to wait for further records, too.
            return


def _move(unit: Unit, form_id: FormId, record_id: int, move: Move) -> None:
    wanted = (move.workflow, move.transition, move.is_withdrawal)
    for button in workflow.buttons(unit, form_id, record_id):
        if (button.workflow, button.transition, button.is_withdrawal) != wanted:
            continue
        if not button.allowed:
            raise Denied(button.why)
        if move.is_withdrawal:
            workflow.withdraw(unit, form_id, record_id, move.comment, workflow=move.workflow)
        else:
            workflow.do(
                unit,
                form_id,
                record_id,
                move.transition,
                dict(move.values),
                move.comment,
                workflow=move.workflow,
            )
        return
    raise Conflict(label(zh="当前状态没有这个操作", en="its present state does not offer this"))


def _told(problem: Problem, form: Form) -> Label:
    """Return a problem with its field before it and what is expected behind it."""
    field = form.by_id.get(problem.path.split(".", 1)[0])
    return label(
        **{
            language: _sentence(problem, None if field is None else text_of(field.label, language), language)
            for language in ("zh", "en")
        }
    )


def _sentence(problem: Problem, field: str | None, language: str) -> str:
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    said = text_of(problem.message, language)
    if problem.help is not None:
        said = f"{said}{comma}{text_of(problem.help, language)}"
    return said if field is None else f"{field}{colon}{said}"
