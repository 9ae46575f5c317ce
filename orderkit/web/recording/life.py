"""The picture of a record's life: its states and the ways between them, where it is and how it came there."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from orderkit.diagram.layout import Direction
from orderkit.diagram.life import START
from orderkit.diagram.picture import life_picture
from orderkit.diagram.svg import Lit
from orderkit.engine import workflow
from orderkit.engine.records import RecordView
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Standing
from orderkit.model.forms import FormId
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeView:
    """One life of a record. `picture` is drawn downwards, as it stands beside the record and on phones."""

    label: str
    state: str
    held_by: str
    since: str
    ago: str
    iso: str
    picture: Markup


def life_views(visit: Visit, unit: Unit, form: FormId, record: RecordView) -> Iterator[LifeView]:
    """Yield the lives whose state this reader may see."""
    now = visit.runtime.clock.now()
    for each in workflow.standings(unit, form, record.id):
        # A hidden field has no value here, and neither has its picture.
        if record.values.get(each.workflow.state_field) is None:
            continue
        yield LifeView(
            label=text_of(each.workflow.label, visit.locale),
            state=text_of(each.state.label, visit.locale),
            held_by="" if each.held_by is None else text_of(each.held_by, visit.locale),
            since=shown_at(each.since, visit.zone, visit.locale),
            ago=shown_ago(each.since, now, visit.zone, visit.locale, visit.t),
            iso=each.since.isoformat(),
            # What the model says is escaped where the picture is drawn.
            picture=Markup(_picture(each, visit.locale)),  # noqa: S704
        )


def has_life(unit: Unit, form: FormId, record: RecordView) -> bool:
    """Return whether there is a picture to show to this reader."""
    return any(
        record.values.get(each.state_field) is not None
        for each in unit.project.workflows_by_form.get(form, ())
    )


def _picture(standing: Standing, locale: str) -> str:
    state = standing.state.id
    ways = standing.ways | {(START, standing.workflow.initial)}
    now = {state, *(f"{state}.{step}" for step in standing.steps)}
    walked = {START, *standing.visited, *(f"{state}.{step}" for step in standing.passed)}
    return life_picture(
        standing.workflow,
        locale,
        is_opened=standing.state.approval is not None,
        direction=Direction.DOWN,
        lit=Lit(now=now, walked=walked, ways=ways),
        is_alone=False,
    )
