"""The figures of a workflow as tables, each number with the way to its records, and as a chart with its table."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from orderkit.engine.workflow import analytics
from orderkit.engine.workflow.analytics import Asked, Figure, Spread, Standing
from orderkit.web.display.lengths import shown_length
from orderkit.web.display.moments import shown_ago
from orderkit.web.figures.question import Address
from orderkit.web.reporting.charts import ChartView
from orderkit.web.request.visit import Visit

MOST_BARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A row. `url` leads to its records, `bar` is how much of the longest one it is, of a hundred."""

    label: str
    note: str
    url: str
    bar: int
    cells: tuple[str, ...]
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A table of figures; `heads` stand over the cells, `note` says what is counted. `empty` where there is nothing."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    note: str
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTotal:
    """A number with the way to its records."""

    label: str
    count: int
    url: str


class Tables:
    """Makes the tables of one question for one reader."""

    def __init__(self, visit: Visit, asked: Asked, address: Address) -> None:
        self._visit = visit
        self._asked = asked
        self._address = address
        self._t = visit.t

    def standing(self, found: Sequence[Standing]) -> FigureTable:
        """Return where records stand, with whom and since when."""
        longest = max((each.waited for each in found), default=timedelta())
        t, unit = self._t, self._asked.unit
        rows = []
        for each in found:
            step = "" if each.step_label is None else self._visit.text(each.step_label)
            rows.append(
                FigureRow(
                    label=" · ".join(part for part in (self._visit.text(each.label), step) if part),
                    note=self.who(each),
                    url=self._behind_standing(each),
                    bar=_share(each.waited, longest),
                    cells=(
                        str(each.count),
                        shown_ago(each.since, unit.now, self._visit.zone, self._visit.locale, t),
                        self.length(each.waited),
                    ),
                    is_warning=each.is_forsaken,
                )
            )
        return self._table("standing", ("count", "since", "waited"), rows)

    def who(self, each: Standing) -> str:
        """Return with whom something stands."""
        if each.person is not None:
            return each.person.name
        if each.holder is not None:
            return self._visit.text(each.holder)
        return self._t("figures.nobody")

    def states(self) -> FigureTable:
        """Return how long records stayed in each state."""
        found = analytics.state_times(self._asked)
        return self._spreads(
            "states",
            [
                (self._visit.text(each.label), each.spread, self._url(Figure.STATE, state=each.state), ())
                for each in found
            ],
        )

    def steps(self) -> FigureTable:
        """Return how long each step of an approval took."""
        found = analytics.step_times(self._asked)
        return self._spreads(
            "steps",
            [
                (
                    self._visit.text(each.label),
                    each.spread,
                    self._url(Figure.STEP, approval=each.approval, step=each.step),
                    (),
                )
                for each in found
            ],
        )

    def people(self) -> FigureTable:
        """Return how long tasks lay with whom, and how they were decided."""
        found = analytics.person_times(self._asked)
        return self._spreads(
            "people",
            [
                (
                    each.person.name,
                    each.spread,
                    self._url(Figure.PERSON, person=each.person.id or 0),
                    (str(each.approved), str(each.rejected), str(each.returned)),
                )
                for each in found
            ],
            more=("approved", "rejected", "returned"),
        )

    def refused_steps(self) -> FigureTable:
        """Return at which steps was rejected and returned."""
        found = analytics.step_refusals(self._asked)
        most = max((each.rejected + each.returned for each in found), default=0)
        rows = [
            FigureRow(
                label=self._visit.text(each.label),
                note=self._t("figures.of_decided", count=each.rejected + each.returned, decided=each.decided),
                url=self._url(Figure.REFUSED, approval=each.approval, step=each.step),
                bar=(each.rejected + each.returned) * 100 // most,
                cells=(str(each.rejected), str(each.returned)),
            )
            for each in found
        ]
        return self._table("refused", ("rejected", "returned"), rows)

    def reasons(self) -> FigureTable:
        """Return the words that were given with it."""
        found = analytics.reasons(self._asked)
        most = max((each.count for each in found), default=0)
        rows = [
            FigureRow(
                label=each.text or self._t("figures.no_words"),
                note="",
                url=self._url(Figure.REFUSED, said=each.text),
                bar=each.count * 100 // most,
                cells=(str(each.rejected), str(each.returned)),
            )
            for each in found
        ]
        return self._table("reasons", ("rejected", "returned"), rows)

    def variants(self) -> FigureTable:
        """Return which ways records took."""
        found = analytics.variants(self._asked)
        most = max((each.spread.count for each in found.found), default=0)
        rows = [
            FigureRow(
                label=" → ".join(self._visit.text(state) for state in each.states)
                + (" → …" if each.is_cut else ""),
                note="",
                url=self._url(Figure.PATH, path=each.path),
                bar=each.spread.count * 100 // most,
                cells=(
                    str(each.spread.count),
                    f"{float(each.share * 100):.1f}%",
                    self.length(each.spread.median),
                ),
            )
            for each in found.found
        ]
        note = self._t("figures.rest", count=found.rest) if found.rest else ""
        return self._table("variants", ("count", "share", "median"), rows, note)

    def throughput(self) -> tuple[ChartView, tuple[FigureTotal, ...]]:
        """Return how many records began and ended in each week, and in all of them."""
        weeks = analytics.throughput(self._asked)[-MOST_BARS:]
        names = ("started", "completed", "cancelled")
        totals = tuple(
            FigureTotal(
                label=self._t(f"figures.{name}"),
                count=sum(getattr(each, name) for each in weeks),
                url=self._url(Figure(name)),
            )
            for name in names
        )
        data = {
            "kind": "bar",
            "locale": self._visit.locale,
            "is_time": True,
            "is_ratio": False,
            "categories": [each.start.isoformat() for each in weeks],
            "series": [
                {
                    "name": self._t(f"figures.{name}"),
                    "values": [getattr(each, name) for each in weeks],
                    "shown": [str(getattr(each, name)) for each in weeks],
                }
                for name in names
            ],
        }
        chart = ChartView(
            label=self._t("figures.throughput"),
            data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
            headings=(self._t("figures.week"), *(self._t(f"figures.{name}") for name in names)),
            rows=tuple(
                (each.start.isoformat(), str(each.started), str(each.completed), str(each.cancelled))
                for each in weeks
            ),
            is_empty=not weeks,
        )
        return chart, totals if weeks else ()

    def length(self, length: timedelta) -> str:
        """Return a length of time as the question measures it."""
        return shown_length(length, self._t, is_worked=self._asked.lengths.calendar is not None)

    def _spreads(
        self,
        name: str,
        found: Sequence[tuple[str, Spread, str, tuple[str, ...]]],
        *,
        more: tuple[str, ...] = (),
    ) -> FigureTable:
        longest = max((spread.median for _, spread, _, _ in found), default=timedelta())
        rows = [
            FigureRow(
                label=label,
                note="",
                url=url,
                bar=_share(spread.median, longest),
                cells=(str(spread.count), self.length(spread.median), self.length(spread.p90), *others),
            )
            for label, spread, url, others in found
        ]
        return self._table(name, ("count", "median", "p90", *more), rows)

    def _table(
        self, name: str, heads: Sequence[str], rows: Sequence[FigureRow], note: str = ""
    ) -> FigureTable:
        return FigureTable(
            label=self._t(f"figures.{name}"),
            heads=tuple(self._t(f"figures.{each}") for each in heads),
            rows=tuple(rows),
            note=note or self._t(f"figures.{name}_note"),
            empty=self._t(f"figures.{name}_empty"),
        )

    def _behind_standing(self, each: Standing) -> str:
        if each.is_forsaken:
            approval = self._asked.states.get(each.state)
            figure = Figure.FORSAKEN if approval is not None and approval.approval else Figure.RESTING
            return self._url(figure, state=each.state)
        if each.step is None:
            return self._url(Figure.RESTING, state=each.state)
        person = 0 if each.person is None else each.person.id or 0
        return self._url(
            Figure.WAITING, state=each.state, approval=each.approval or "", step=each.step, person=person
        )

    def _url(self, figure: Figure, **values: str | int) -> str:
        return self._address.url("/records", of=figure, **values)


def _share(length: timedelta, longest: timedelta) -> int:
    return int(length / longest * 100) if longest else 0


Part = Callable[[Tables], Sequence[FigureTable]]
PARTS: Mapping[str, Part] = {
    "times": lambda tables: (tables.states(), tables.steps(), tables.people()),
    "refusals": lambda tables: (tables.refused_steps(), tables.reasons()),
    "variants": lambda tables: (tables.variants(),),
    "throughput": lambda _: (),
}


def made(tables: Tables, part: str) -> Iterator[FigureTable]:
    """Yield the tables of a part of the page."""
    yield from PARTS[part](tables)
