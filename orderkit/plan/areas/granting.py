"""What one role may do with one form, before and after: on which records, and with which fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderkit.database.changes.judging import Severity
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Form
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.rights import Right, is_written, paths_of, seen
from orderkit.model.roles import EVERYONE, FormGrant, Role
from orderkit.plan.areas.comparing import is_same
from orderkit.plan.areas.showing import where_it_shows
from orderkit.plan.areas.sides import Sides, fields_before
from orderkit.plan.uses import Uses
from orderkit.plan.values import Area, Consequence, Entry, Manner
from orderkit.plan.words.filling import code, filled, listed
from orderkit.plan.words.names import named
from orderkit.plan.words.people import role_called
from orderkit.plan.words.values import NO, told

ROWS: Mapping[str, Label] = {
    "create": label(zh="新建", en="create"),
    "read": label(zh="查看", en="read"),
    "update": label(zh="修改", en="change"),
    "delete": label(zh="删除", en="delete"),
    "export": label(zh="导出", en="export"),
    "print": label(zh="打印", en="print"),
    "import_": label(zh="导入", en="import"),
}
_EVERY = label(zh="全部记录", en="every record")
_MAY = label(zh="{role} 现在可以{verb}{form}", en="{role} may now {verb} {form}")
_MAY_NOT = label(zh="{role} 不能再{verb}{form}", en="{role} may no longer {verb} {form}")
_WHICH = label(
    zh="{role} 可以{verb}的{form}记录有变化", en="{role}: which records of {form} they may {verb} changes"
)
_SIGHTS: Mapping[tuple[Right, Right], Label] = {
    (Right.HIDDEN, Right.READ): label(zh="{role} 现在能看到 {fields}", en="{role} can now see {fields}"),
    (Right.HIDDEN, Right.MASKED): label(
        zh="{role} 现在能看到脱敏的 {fields}", en="{role} can now see {fields}, masked"
    ),
    (Right.MASKED, Right.READ): label(
        zh="{role} 现在能看到未脱敏的 {fields}", en="{role} can now see {fields} unmasked"
    ),
    (Right.READ, Right.MASKED): label(
        zh="{role} 只能看到脱敏的 {fields}", en="{role} now sees {fields} masked only"
    ),
    (Right.READ, Right.HIDDEN): label(
        zh="{role} 不再能看到 {fields}", en="{role} can no longer see {fields}"
    ),
    (Right.MASKED, Right.HIDDEN): label(
        zh="{role} 不再能看到脱敏的 {fields}", en="{role} can no longer see {fields}, masked until now"
    ),
}
_WRITES = {
    True: label(zh="{role} 现在可以修改 {fields}", en="{role} can now change {fields}"),
    False: label(zh="{role} 不能再修改 {fields}", en="{role} can no longer change {fields}"),
}
_UNSEEN = label(zh="看不到：{names}", en="hidden from them: {names}")


@dataclass(frozen=True, slots=True)
class Granted:
    """What one role is granted on one form, with what everyone is."""

    grants: tuple[FormGrant, ...]

    def rule(self, verb: str) -> tuple[bool | Expression, ...]:
        """Return the rules that together say on which records; only `True` if it is every one."""
        rules = tuple(rule for grant in self.grants if (rule := getattr(grant, verb)) is not False)
        return (True,) if True in rules else tuple(dict.fromkeys(rules))

    def sight(self, path: str) -> Right:
        """Return how far the role sees a field on the records it may read."""
        return max(
            (seen(grant, path) for grant in self.grants if grant.read is not False), default=Right.HIDDEN
        )

    def writes(self, path: str) -> bool:
        """Return whether the role may write a field on records it may create or change."""
        return any(
            is_written(grant, path)
            for grant in self.grants
            if grant.update is not False or grant.create is not False
        )


def granted(role: Role, form: str, project: Project) -> Granted:
    """Return what a role is granted on a form, with what everyone is."""
    everyone = project.role_by_id.get(EVERYONE)
    sources = [role.grants]
    if everyone is not None and role.id != EVERYONE:
        sources.append(everyone.grants)
    return Granted(tuple(grants[form] for grants in sources if form in grants))


@dataclass(frozen=True, slots=True)
class OnForm:
    """One role and one form, as both were and as both are."""

    old: Role
    new: Role
    form_before: Form
    form: Form
    sides: Sides
    uses: Uses

    @property
    def subject(self) -> str:
        """The path of what is told: `sales/order`."""
        return f"{self.new.id}/{self.form.id}"

    def entries(self) -> Iterator[Entry]:
        """Yield what changes about records, then about fields."""
        before = granted(self.old, self.form_before.id, self.sides.old)
        after = granted(self.new, self.form.id, self.sides.new)
        if is_same(before.grants, after.grants, self.sides.renamed):
            return
        for verb in ROWS:
            yield from self._rows(verb, before, after)
        if before.rule("read") and after.rule("read"):
            yield from self._sights(before, after)
            yield from self._writes(before, after)

    def _rows(self, verb: str, before: Granted, after: Granted) -> Iterator[Entry]:
        rules = (before.rule(verb), after.rule(verb))
        if is_same(*rules, self.sides.renamed):
            return
        gains, loses = not rules[0], not rules[1]
        words = _MAY if gains else _MAY_NOT if loses else _WHICH
        yield Entry(
            severity=Severity.SAFE if gains or rules[1] == (True,) else Severity.BREAKING,
            area=Area.PERMISSIONS,
            subject=self.subject,
            manner=Manner.ADDED if gains else Manner.REMOVED if loses else Manner.CHANGED,
            attribute=verb.rstrip("_"),
            words=filled(
                words,
                role=role_called(self.new.id, self.sides.new),
                verb=ROWS[verb],
                form=named(self.form.id, self.form),
            ),
            before=_rule_told(rules[0], self.sides.old),
            after=_rule_told(rules[1], self.sides.new),
            consequences=_unseen(after) if gains and verb == "read" else (),
        )

    def _sights(self, before: Granted, after: Granted) -> Iterator[Entry]:
        found: dict[tuple[Right, Right], list[str]] = {}
        for path, origin in self._paths().items():
            sight = (before.sight(origin), after.sight(path))
            if sight[0] is not sight[1]:
                found.setdefault(sight, []).append(path)
        for change, paths in found.items():
            yield self._of_fields(
                _SIGHTS[change],
                "see",
                paths,
                is_more=change[1] > change[0],
                consequences=where_it_shows(self.new, self.form, paths, self.sides.new, self.uses),
            )

    def _writes(self, before: Granted, after: Granted) -> Iterator[Entry]:
        """Yield who may write what; a field that a form makes read only is told with the form."""
        now = {info.path for info in paths_of(self.sides.new, self.form) if info.is_writable}
        then = {info.path for info in paths_of(self.sides.old, self.form_before) if info.is_writable}
        found: dict[bool, list[str]] = {}
        for path, origin in self._paths().items():
            if path in now and origin in then and before.writes(origin) != after.writes(path):
                found.setdefault(after.writes(path), []).append(path)
        for is_more, paths in found.items():
            yield self._of_fields(_WRITES[is_more], "write", paths, is_more=is_more)

    def _of_fields(
        self,
        words: Label,
        attribute: str,
        paths: Sequence[str],
        *,
        is_more: bool,
        consequences: tuple[Consequence, ...] = (),
    ) -> Entry:
        names = listed(code(f"{self.form.id}.{path}") for path in paths)
        return Entry(
            severity=Severity.SAFE if is_more else Severity.BREAKING,
            area=Area.PERMISSIONS,
            subject=self.subject,
            manner=Manner.CHANGED,
            attribute=attribute,
            words=filled(words, role=role_called(self.new.id, self.sides.new), fields=names),
            consequences=consequences,
        )

    def _paths(self) -> Mapping[str, str]:
        """Return what each path that stays was called, by its path from now on."""
        found = dict(fields_before(self.form_before, self.form))
        for collection in self.form.lines:
            origin = self.sides.form_before.get(collection.form)
            if origin is None or collection.id not in found:
                continue
            old, new = self.sides.old.form_by_id[origin], self.sides.new.form_by_id[collection.form]
            last = origin.rsplit(".", 1)[1]
            rows = fields_before(old, new)
            found |= {f"{collection.id}.{name}": f"{last}.{before}" for name, before in rows.items()}
        return found


def _unseen(after: Granted) -> tuple[Consequence, ...]:
    """Return which fields of records that may be read now stay hidden."""
    hidden = sorted({path for grant in after.grants for path in grant.hide})
    if not hidden:
        return ()
    return (Consequence(words=filled(_UNSEEN, names=listed(code(path) for path in hidden))),)


def _rule_told(rules: tuple[bool | Expression, ...], project: Project) -> Label | None:
    if not rules:
        return None
    return listed(_EVERY if rule is True else told(rule, project) or NO for rule in rules)
