"""Proposes for each heading of a sheet which path it fills, how sure that is, and why.

What a person chose for the same heading before comes first: they have seen better than any name tells. Then
names that are the same, then names that are alike. What is not clear is left to the person: two headings for
one path, or two paths for one heading.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from orderkit.engine.importing.matching.fillable import Fillable, Part
from orderkit.engine.importing.matching.likeness import LIKELY, MARGIN, likeness, squashed
from orderkit.engine.importing.reading.cells import heading_key
from orderkit.model.labels import Label, label, text_of


class Certainty(StrEnum):
    """How sure it is what a column fills. CHOSEN: somebody said so."""

    SURE = "sure"
    CHOSEN = "chosen"
    PROPOSED = "proposed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHeading:
    """A heading with the names under which it may be known: its own text, and with the one above it."""

    column: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was chosen for a heading in an earlier import; an empty path: not to be imported."""

    path: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one column is to fill; an empty path: nothing. `why` stands beside it for the person."""

    column: int
    path: str
    certainty: Certainty
    why: Label | None = None


def propose(
    headings: Sequence[SheetHeading],
    fillable: Sequence[Fillable],
    *,
    earlier: Mapping[str, Earlier] | None = None,
    in_rules: Collection[str] = (),
) -> tuple[Proposal, ...]:
    """Return a proposal for each heading, in their order.

    `earlier` is known by the key of the heading, the newest choice only; `in_rules` are the keys of headings
    that a rule of the mapping reads, so that nothing need be chosen for them.
    """
    work = _Proposing(headings, [each for each in fillable if each.is_mapped])
    work.take_earlier(earlier or {}, {each.path for each in fillable})
    work.take_names()
    work.take_common_names()
    work.take_rules(in_rules)
    work.take_alike()
    return tuple(work.done.get(each.column) or work.nothing(each) for each in headings)


def missing_paths(fillable: Sequence[Fillable], paths: Collection[str]) -> tuple[Fillable, ...]:
    """Return what must be filled and is not; of lines only where a column fills some part of them."""
    groups = {path.partition(".")[0] for path in paths if "." in path}
    return tuple(
        each
        for each in fillable
        if each.is_needed
        and (each.part is not Part.LINES or each.path.partition(".")[0] in groups)
        and each.path not in paths
        and not any(path.startswith(f"{each.path}.") for path in paths)
    )


class _Proposing:
    """The work on one sheet: each step takes headings and paths out of what is still open."""

    def __init__(self, headings: Sequence[SheetHeading], fillable: Sequence[Fillable]) -> None:
        self._headings = headings
        self._fillable = fillable
        self._hints: dict[int, Label] = {}
        self._contested: set[int] = set()
        self.done: dict[int, Proposal] = {}

    def nothing(self, heading: SheetHeading) -> Proposal:
        """Return that nothing is proposed, with what it might be."""
        why = self._hints.get(heading.column)
        return Proposal(column=heading.column, path="", certainty=Certainty.NOTHING, why=why)

    def take_earlier(self, earlier: Mapping[str, Earlier], known: Collection[str]) -> None:
        """Take what was chosen for the same heading before. The choice of a colleague is a proposal only."""
        found: dict[int, Earlier] = {}
        for heading in self._headings:
            keys = (heading_key(text) for text in reversed(heading.texts))
            choice = next((earlier[key] for key in keys if key in earlier), None)
            if choice is not None and (not choice.path or choice.path in known):
                found[heading.column] = choice
        for column, choice in found.items():
            is_twice = choice.path and sum(each.path == choice.path for each in found.values()) > 1
            if not is_twice and self._is_free(choice.path):
                certainty = Certainty.CHOSEN if choice.is_own else Certainty.PROPOSED
                why = _CHOSEN_BEFORE if choice.is_own else _CHOSEN_BY_OTHERS
                self._take(column, choice.path, certainty, why)

    def take_names(self) -> None:
        """Take headings that are a name of exactly one path; of several names the first counts."""
        self._take_exact(lambda each: each.names, Certainty.SURE, _SAME_NAME)

    def take_common_names(self) -> None:
        """Take headings that are called like the key of one reference only."""
        self._take_exact(lambda each: each.common_names, Certainty.PROPOSED, _SAME_KEY)

    def take_rules(self, in_rules: Collection[str]) -> None:
        """Take headings that nothing fills from, but rules read."""
        for heading in self._open():
            if any(heading_key(text) in in_rules for text in heading.texts):
                self.done[heading.column] = Proposal(
                    column=heading.column, path="", certainty=Certainty.SURE, why=IN_RULES
                )

    def take_alike(self) -> None:
        """Take headings that are like the name of one path, and more so than any other heading."""
        scores = {heading.column: self._scores(heading) for heading in self._open()}
        ranked = {column: sorted(found, key=lambda each: -each[0]) for column, found in scores.items()}
        best: dict[str, list[tuple[float, int]]] = {}
        for column, found in ranked.items():
            near = [each for score, each in found if found[0][0] - score < MARGIN]
            if len(near) == 1:
                best.setdefault(near[0].path, []).append((found[0][0], column))
            elif near:
                self._hints[column] = _several([each.label for each in near])
        for path, wanting in best.items():
            wanting.sort(key=lambda each: -each[0])
            is_clear = len(wanting) == 1 or wanting[0][0] - wanting[1][0] >= MARGIN
            for at, (_, column) in enumerate(wanting):
                _, each = ranked[column][0]
                if at == 0 and is_clear and self._is_free(path):
                    self._take(column, path, Certainty.PROPOSED, _alike(each.label))
                else:
                    self._hints[column] = self._why_not(each)

    def _take_exact(
        self, names_of: Callable[[Fillable], tuple[str, ...]], certainty: Certainty, why: Label
    ) -> None:
        by_name: dict[str, list[Fillable]] = {}
        for each in self._fillable:
            for name in dict.fromkeys(squashed(name) for name in names_of(each)):
                by_name.setdefault(name, []).append(each)
        wanted: dict[str, list[int]] = {}
        for heading in self._open():
            for text in reversed(heading.texts):
                found = by_name.get(squashed(text), [])
                paths = [each for each in found if each.part is found[0].part]
                if len(paths) == 1:
                    wanted.setdefault(paths[0].path, []).append(heading.column)
                    break
                if paths:
                    self._hints[heading.column] = _several([each.label for each in paths])
        # A key says more than the name of the reference alone, where a sheet has both.
        for each in sorted(self._fillable, key=lambda each: each.part is not Part.KEY):
            columns = wanted.get(each.path, [])
            if len(columns) == 1 and self._is_free(each.path):
                self._take(columns[0], each.path, certainty, why)
            else:
                self._hints.update(dict.fromkeys(columns, self._why_not(each)))
                self._contested.update(columns)

    def _why_not(self, each: Fillable) -> Label:
        return _not_clear(each.label) if self._is_free(each.path) else _filled(each.label)

    def _scores(self, heading: SheetHeading) -> list[tuple[float, Fillable]]:
        """Return each path that the heading may mean, with how alike they are."""
        found = []
        for each in self._fillable:
            alike = (likeness(text, name) for text in heading.texts for name in each.names)
            score = max(alike, default=0.0)
            if score >= LIKELY:
                found.append((score, each))
        return found

    def _open(self) -> list[SheetHeading]:
        """Return the headings that nothing is decided of; one that is contested is left to the person."""
        return [
            each
            for each in self._headings
            if each.column not in self.done and each.column not in self._contested
        ]

    def _is_free(self, path: str) -> bool:
        """Whether nothing fills the path yet, nor another name of the same record."""
        taken = {each.path for each in self.done.values() if each.path}
        known = {each.path: each for each in self._fillable}
        if path in taken:
            return False
        if path in known and known[path].part is Part.KEY:
            return known[path].field_path not in taken
        return not any(
            each in known and known[each].part is Part.KEY and known[each].field_path == path
            for each in taken
        )

    def _take(self, column: int, path: str, certainty: Certainty, why: Label) -> None:
        self._hints.pop(column, None)
        self.done[column] = Proposal(column=column, path=path, certainty=certainty, why=why)


_SAME_NAME = label(zh="与字段同名", en="called like the field")
_SAME_KEY = label(zh="与引用的字段同名", en="called like the key of the reference")
_CHOSEN_BEFORE = label(zh="您上次这样选择", en="as you chose before")
_CHOSEN_BY_OTHERS = label(zh="同事以前这样选择", en="as a colleague chose before")
IN_RULES = label(zh="用于计算", en="used in a rule")
"""Why nothing need be chosen for a column."""


def _alike(title: Label) -> Label:
    return label(zh=f"与“{text_of(title, 'zh')}”相似", en=f"like `{text_of(title, 'en')}`")


def _several(labels: Sequence[Label]) -> Label:
    zh = "、".join(dict.fromkeys(text_of(each, "zh") for each in labels))
    en = ", ".join(dict.fromkeys(text_of(each, "en") for each in labels))
    return label(zh=f"可能是：{zh}", en=f"may be: {en}")


def _not_clear(title: Label) -> Label:
    return label(
        zh=f"可能是“{text_of(title, 'zh')}”，但不止一列像它",
        en=f"may be `{text_of(title, 'en')}`, but it is not the only column that may",
    )


def _filled(title: Label) -> Label:
    return label(
        zh=f"可能是“{text_of(title, 'zh')}”，但已由另一列填写",
        en=f"may be `{text_of(title, 'en')}`, which another column fills",
    )
