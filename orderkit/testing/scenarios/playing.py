"""Plays one scenario: what is given, then step after step, looking each time whether it came as it should."""

from time import perf_counter

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.labels import Label, label, text_of
from orderkit.model.scenarios import Deed, Expectation, GivenPosting, GivenRecord, Scenario, ScenarioStep
from orderkit.testing.scenarios.coverage import reached_in
from orderkit.testing.scenarios.expecting import Mark, mark_of, mismatches_in
from orderkit.testing.scenarios.given_postings import post
from orderkit.testing.scenarios.results import Failure, Happened, Mismatch, Result, texts
from orderkit.testing.scenarios.theatre import Play, Theatre
from orderkit.testing.scenarios.values import answer_of, assigned
from orderkit.testing.scenarios.wording import given_words, step_words
from orderkit.testing.stage import Mistold, Somebody, Stage, asked_of

_VERBS = {Deed.APPROVE: Verb.APPROVE, Deed.REJECT: Verb.REJECT, Deed.RETURN: Verb.RETURN}


def play(theatre: Theatre, scenario: Scenario) -> Result:
    """Play a scenario on a stage of its own, and return what came of it."""
    started = perf_counter()
    with theatre.opened(scenario.id) as opened:
        failure = _given(opened, scenario) or _steps(opened, scenario)
        with opened.stage.looking() as unit:
            reached = reached_in(unit) | opened.weighed.keys
    return Result(
        scenario=scenario.id,
        label=texts(scenario.label),
        origin=scenario.origin,
        seconds=perf_counter() - started,
        failure=failure,
        reached=frozenset(reached),
    )


def _given(opened: Play, scenario: Scenario) -> Failure | None:
    people = [
        Somebody(
            login=each.id,
            name=each.id,
            roles=each.roles,
            manager=each.manager,
            department=each.department,
        )
        for each in scenario.people
    ]
    what: Label = label(zh="人物", en="the people")
    try:
        opened.stage.make_people(people)
        for given in scenario.given:
            what = given_words(given)
            _give(opened.stage, given)
        opened.passing.settle()
    except OrderkitError as error:
        return Failure(number=0, what=texts(what), origin=scenario.origin, mismatches=(_refused(error),))
    return None


def _give(stage: Stage, given: GivenRecord | GivenPosting) -> None:
    with stage.acting(given.person) as unit:
        if isinstance(given, GivenPosting):
            post(stage, unit, given)
            return
        values, lines = assigned(stage, unit, unit.project.form_by_id[given.form], given.set)
        stage.create(unit, given.form, values, lines, name=given.name)


def _steps(opened: Play, scenario: Scenario) -> Failure | None:
    for number, step in enumerate(scenario.steps, start=1):
        mismatches = _taken(opened, step)
        if mismatches:
            return Failure(
                number=number,
                what=texts(step_words(step)),
                origin=step.origin or scenario.origin,
                mismatches=mismatches,
                timeline=_timeline(opened.stage, step),
            )
    return None


def _taken(opened: Play, step: ScenarioStep) -> tuple[Mismatch, ...]:
    """Take a step, let happen what it set off, and return what is not as it should be."""
    stage = opened.stage
    with stage.looking() as unit:
        since = Mark() if step.deed is Deed.EXPECT else mark_of(unit)
    made: int | None = None
    try:
        made = _do(opened, step)
    except Mistold as mistake:
        return (_refused(mistake),)
    except OrderkitError as error:
        if not step.is_refused:
            return (_refused(error),)
    else:
        if step.is_refused:
            return (_NOT_REFUSED,)
    try:
        opened.passing.settle()
        return _expected(stage, step, step.expect, since, made)
    except OrderkitError as error:
        return (_refused(error),)


def _do(opened: Play, step: ScenarioStep) -> int | None:
    """Do what a step says; return the id of what it made. Each button is pressed in a transaction of its own."""
    stage = opened.stage
    match step.deed:
        case Deed.CREATE:
            assert step.form is not None, "the compiler knows the form of a new record"
            with stage.acting(step.person) as unit:
                values, lines = assigned(stage, unit, unit.project.form_by_id[step.form], step.values)
                return stage.create(unit, step.form, values, lines, name=step.record)
        case Deed.SET:
            with stage.acting(step.person) as unit:
                form, _ = stage.place(step.record)
                values, lines = assigned(stage, unit, unit.project.form_by_id[form], step.values)
                stage.set(unit, step.record, values, lines)
        case Deed.DO:
            for index, transition in enumerate(step.transitions, start=1):
                _press(opened, step, transition, is_last=index == len(step.transitions))
        case Deed.APPROVE | Deed.REJECT | Deed.RETURN:
            with stage.acting(step.person) as unit:
                stage.decide(unit, step.record, _VERBS[step.deed], step.comment)
        case Deed.WITHDRAW:
            with stage.acting(step.person) as unit:
                stage.withdraw(unit, step.record, step.comment)
        case Deed.WAIT:
            assert step.wait is not None, "the compiler knows how long"
            opened.passing.wait(step.wait)
        case Deed.EXPECT:
            pass
    return None


def _press(opened: Play, step: ScenarioStep, transition: str, *, is_last: bool) -> None:
    stage = opened.stage
    try:
        with stage.acting(step.person) as unit:
            form, _ = stage.place(step.record)
            asks = asked_of(unit, form, transition)
            answers = {
                name: answer_of(stage, unit, asks[name], given) for name, given in step.values if name in asks
            }
            stage.press(unit, step.record, transition, answers, step.comment)
    except OrderkitError as error:
        if step.is_refused and not is_last:
            # Only the last of several buttons is expected to be refused.
            raise Mistold(
                error.problems if isinstance(error, Refused) else (),
                label(
                    zh=f"“{transition}”被拒绝：{text_of(error.explain, 'zh')}",
                    en=f"`{transition}` was refused already: {text_of(error.explain, 'en')}",
                ),
            ) from error
        raise
    if not is_last:
        opened.passing.settle()


def _expected(
    stage: Stage, step: ScenarioStep, expect: Expectation | None, since: Mark, made: int | None
) -> tuple[Mismatch, ...]:
    if expect is None:
        return ()
    record = stage.named.get(step.record or "")
    if record is None and made is not None and step.form is not None:
        record = (step.form, made)
    with stage.looking() as unit:
        return mismatches_in(stage, unit, record, expect, since)


_NOT_REFUSED = Mismatch(
    what=texts(label(zh="这一步", en="the step")),
    expected=texts(label(zh="被拒绝", en="it is refused")),
    found=texts(label(zh="没有被拒绝", en="it went through")),
)


def _refused(error: OrderkitError) -> Mismatch:
    problems = error.problems if isinstance(error, Refused) else ()
    return Mismatch(
        what=texts(label(zh="这一步", en="the step")),
        expected=texts(label(zh="可以进行", en="it goes through")),
        found={
            language: "; ".join(
                dict.fromkeys(
                    [text_of(error.explain, language)]
                    + [
                        f"{each.path}: {text_of(each.message, language)}"
                        if each.path
                        else text_of(each.message, language)
                        for each in problems
                    ]
                )
            )
            for language in ("zh", "en")
        },
    )


def _timeline(stage: Stage, step: ScenarioStep) -> tuple[Happened, ...]:
    record = stage.named.get(step.record or "")
    if record is None:
        return ()
    with stage.looking() as unit:
        entries = workflow.timeline(unit, *record)
        return tuple(
            Happened(
                at=each.at.astimezone(unit.runtime.timezone),
                who=each.actor.name,
                what={
                    language: text_of(each.label, language)
                    + ("" if each.target_label is None else f" → {text_of(each.target_label, language)}")
                    + ("" if each.comment is None else f" “{each.comment}”")
                    for language in ("zh", "en")
                },
            )
            for each in entries
        )
