"""Who: one grammar wherever a person is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from orderkit.language.compile.names.references import labels_of, report_unknown
from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.places.context import BUILT_IN_ROLES
from orderkit.language.expressions import Checked
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import Node, ScalarNode, SequenceNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec.readers import scalar
from orderkit.language.spec.words import report_shape
from orderkit.model.expressions.types import Json, Record, Text, Type
from orderkit.model.labels import Label, label
from orderkit.model.people import (
    AnyOf,
    ChosenBy,
    FieldUser,
    HasRole,
    HeadOf,
    ManagerOf,
    NamedPerson,
    NamedUser,
    Who,
)

WRONG_WHO = Code(
    "OK4001",
    "wrong-who",
    ERROR,
    since="0.1",
    explain="""
    A place that names people holds something else. It takes `role(x)`, `user(x)`, a user field, `owner`,
    `submitter`, `approver`, `previous`, `holder`, `manager_of(who, level)`, `managers_of(who, until)`,
    `head_of(department)`, `chosen_by(who)`, `followers`, `everyone`, `system`, or a list of these.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {holder: me}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {holder: owner}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="应写人员的地方写了别的。可以写 `role(x)`、`user(x)`、人员字段、`owner`、`submitter`、`approver`、`previous`、`holder`、`manager_of(谁, 级)`、`managers_of(谁, 到谁为止)`、`head_of(部门)`、`chosen_by(谁)`、`followers`、`everyone`、`system`，或它们的列表。",
)

PEOPLE = ("owner", "submitter", "approver", "previous", "holder", "followers", "everyone", "system")
ABOUT_A_RECORD = frozenset({"owner", "submitter", "holder", "followers", "everyone"})
ABOUT_NOTHING = frozenset({"everyone"})
MAY_PRESS = ABOUT_A_RECORD | {"system"}
IN_APPROVALS = ABOUT_A_RECORD | {"approver", "previous"}
APPROVERS = ABOUT_A_RECORD - {"followers"} | {"previous", "chosen_by"}
_FUNCTIONS = ("role", "user", "manager_of", "managers_of", "head_of", "chosen_by")
_CALL = re.compile(r"\s*(?P<name>[a-z_]+)\s*\((?P<inside>.*)\)\s*", re.DOTALL)
_LOGIN = re.compile(r"[\w.@-]{1,100}")
MAX_LEVEL = 20


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a scalar: its text, and where it begins."""

    node: ScalarNode
    start: int
    text: str

    def stripped(self) -> "_Part":
        """Return the part without spaces around it."""
        text = self.text.lstrip()
        return replace(self, start=self.start + len(self.text) - len(text), text=text.rstrip())


class People:
    """Reads who."""

    def __init__(self, checking: Checking, *, takes_addresses: bool = False) -> None:
        self.checking = checking
        self.takes_addresses = takes_addresses

    def read(self, node: Node | None, scope: Scope, words: frozenset[str] = ABOUT_A_RECORD) -> Who | None:
        """Return who a node names, or None where it is absent or wrong.

        `words` are those of `PEOPLE`, and `chosen_by`, that have a meaning in this place.
        """
        if node is None:
            return None
        if isinstance(node, SequenceNode):
            people = [self.read(item, scope, words) for item in node.items]
            known = tuple(each for each in people if each is not None)
            if not people:
                report_shape(
                    self.checking.compilation.reading, node, zh="至少一个人", en="at least one person"
                )
            return None if not known or None in people else AnyOf(known)
        found = scalar(node, self.checking.compilation.reading)
        return None if found is None else self._one(_Part(found, 0, found.text).stripped(), scope, words)

    def text(self, node: ScalarNode, scope: Scope) -> Who | None:
        """Return who a key names, as in `edit: {role(planner): […]}`."""
        return self._one(_Part(node, 0, node.text).stripped(), scope, ABOUT_A_RECORD)

    def _one(self, part: _Part, scope: Scope, words: frozenset[str]) -> Who | None:
        if part.text in PEOPLE:
            return NamedPerson(part.text) if part.text in words else self._out_of_place(part, part.text)
        call = _CALL.fullmatch(part.text)
        if call is None:
            return self._field(part, scope)
        name = call["name"]
        arguments = _arguments(part, call)
        if name not in _FUNCTIONS:
            return self._wrong(
                replace(part, start=part.start + call.start("name"), text=name),
                label(zh=f"没有 `{name}()` 这种写法", en=f"there is no `{name}()` for people"),
                known=dict.fromkeys(_FUNCTIONS),
            )
        most = 2 if name in ("manager_of", "managers_of") else 1
        if not 1 <= len(arguments) <= most or not all(each.text for each in arguments):
            return self._wrong(
                part,
                label(zh=f"`{name}()` 的参数不对", en=f"`{name}()` takes other arguments"),
                label(zh=f"例如 `{_EXAMPLES[name]}`", en=f"for example `{_EXAMPLES[name]}`"),
            )
        if name == "chosen_by" and name not in words:
            return self._out_of_place(part, "chosen_by()")
        return self._call(name, arguments, scope, words)

    def _out_of_place(self, part: _Part, word: str) -> Who | None:
        return self._wrong(
            part,
            label(zh=f"`{word}` 在这里没有意义", en=f"`{word}` has no meaning here"),
            _INSTEAD[word.removesuffix("()")],
        )

    def _call(self, name: str, arguments: list[_Part], scope: Scope, words: frozenset[str]) -> Who | None:
        first = arguments[0]
        if name == "role":
            return self._role(first)
        if name == "user":
            if _LOGIN.fullmatch(first.text):
                return NamedUser(first.text)
            return self._wrong(first, label(zh="这里写登录名", en="a login name is expected here"))
        if name == "head_of":
            return self._head_of(first, scope)
        who = self._one(first, scope, words - {"chosen_by"})
        if who is None:
            return None
        if name == "chosen_by":
            return ChosenBy(who)
        if name == "managers_of":
            return self._chain(who, arguments[1:])
        level = arguments[1].text if len(arguments) > 1 else "1"
        if not level.isdecimal() or not 1 <= int(level) <= MAX_LEVEL:
            return self._wrong_level(arguments[1])
        return ManagerOf(who, int(level))

    def _chain(self, who: Who, until: list[_Part]) -> Who | None:
        """Return the managers above somebody: all, so many, or up to the first who has a role."""
        if not until:
            return ManagerOf(who, is_chain=True)
        last = until[0]
        if last.text.isdecimal():
            is_level = 1 <= int(last.text) <= MAX_LEVEL
            return ManagerOf(who, is_chain=True, until=last.text) if is_level else self._wrong_level(last)
        call = _CALL.fullmatch(last.text)
        if call is not None and call["name"] == "role":
            (last,) = _arguments(last, call) or (last,)
        role = self._role(last)
        return ManagerOf(who, is_chain=True, until=role.role) if isinstance(role, HasRole) else None

    def _wrong_level(self, part: _Part) -> Who | None:
        return self._wrong(
            part,
            label(zh=f"`{part.text}` 不是主管层级", en=f"`{part.text}` is not a level of management"),
            label(zh="1 是直属主管，2 是主管的主管", en="1 is the direct manager, 2 the manager's manager"),
        )

    def _role(self, part: _Part) -> Who | None:
        compilation = self.checking.compilation
        roles = self._roles()
        if part.text in roles:
            compilation.reading.mentions.name(
                "role", part.text, part.node, part.start, part.start + len(part.text)
            )
            return HasRole(part.text)
        span = part.node.part(part.start, part.start + len(part.text))
        report_unknown(compilation.reading, span, "role", roles, name=part.text)
        return None

    def _roles(self) -> Mapping[str, object]:
        return {**self.checking.compilation.named.of("role"), **dict.fromkeys(BUILT_IN_ROLES)}

    def _head_of(self, part: _Part, scope: Scope) -> Who | None:
        found = self._checked(part, scope, Record("department")).expression
        return None if found is None else HeadOf(found)

    def _field(self, part: _Part, scope: Scope) -> Who | None:
        if part.text == "me":
            return self._wrong(
                part,
                label(zh="`me` 只能用在表达式里", en="`me` stands in expressions only"),
                label(zh="写 `owner` 或 `submitter`", en="write `owner` or `submitter`"),
            )
        if re.fullmatch(r"[a-z_]+", part.text) and scope.implicit is not None:
            fields = self._names(scope)
            if part.text not in fields and part.text in self._roles():
                return self._wrong(
                    part,
                    label(zh=f"`{part.text}` 不是人员", en=f"`{part.text}` is nobody"),
                    label(zh=f"角色写成 `role({part.text})`", en=f"write a role as `role({part.text})`"),
                )
            if part.text not in fields:
                return self._wrong(
                    part,
                    label(zh=f"`{part.text}` 不是人员", en=f"`{part.text}` is nobody"),
                    known={**dict.fromkeys((*PEOPLE, *_FUNCTIONS)), **fields},
                )
        checked = self._checked(part, scope)
        if checked.expression is None:
            return None
        is_person = isinstance(checked.type, Json) or checked.type == Record("user")
        if is_person or (self.takes_addresses and isinstance(checked.type, Text)):
            return FieldUser(checked.expression)
        return self._wrong(
            part,
            label(zh=f"`{part.text}` 不是人员字段", en=f"`{part.text}` is not a field of type user"),
        )

    def _names(self, scope: Scope) -> Mapping[str, object]:
        assert scope.implicit is not None
        record = scope.implicit.type
        if not isinstance(record, Record) or record.form not in self.checking.compilation.shapes:
            return {}
        shape = self.checking.compilation.shapes[record.form]
        return shape.fields

    def _checked(self, part: _Part, scope: Scope, expected: Type | None = None) -> Checked:
        end = part.start + len(part.text)
        return self.checking.checked(part.node, scope, expected, skip=part.start, end=end)

    def _wrong(
        self,
        part: _Part,
        headline: Label,
        help_: Label | None = None,
        *,
        known: Mapping[str, object] | None = None,
    ) -> Who | None:
        """Report a part; `known` is what could stand in its place."""
        span = part.node.part(part.start, part.start + max(len(part.text), 1))
        fix = None
        if known is not None:
            labels = labels_of(known)
            help_ = did_you_mean(part.text, known, labels)
            fix = correction(span, part.text, known, labels)
        self.checking.compilation.reading.report(
            WRONG_WHO, span, headline, help_, fix=fix, candidates=known or ()
        )
        return None


_INSTEAD = {
    "owner": label(zh="这里没有单据", en="there is no record here"),
    "submitter": label(zh="这里没有单据", en="there is no record here"),
    "holder": label(zh="写 `owner` 或 `role(…)`", en="write `owner` or `role(…)`"),
    "followers": label(zh="关注的人不能在这里行动", en="those who follow a record do not act on it"),
    "approver": label(
        zh="只有审批的 `sla`、`cc` 和结果里有审批人；步骤里写 `previous`",
        en="only the `sla`, the `cc` and the endings of an approval have one; in a step write `previous`",
    ),
    "previous": label(zh="只有审批里有上一位审批人", en="only an approval has a previous approver"),
    "chosen_by": label(
        zh="只有审批步骤的 `approvers` 可以选人", en="only the `approvers` of a step are chosen"
    ),
    "system": label(zh="系统只能用于 `by`", en="the system stands in `by` only"),
}
_EXAMPLES = {
    "role": "role(sales)",
    "user": "user(bot)",
    "manager_of": "manager_of(owner, 2)",
    "managers_of": "managers_of(owner, role(director))",
    "head_of": "head_of(owner.department)",
    "chosen_by": "chosen_by(submitter)",
}


def _arguments(part: _Part, call: re.Match[str]) -> list[_Part]:
    """Return the arguments of a call, divided at its own commas."""
    inside, start = call["inside"], part.start + call.start("inside")
    found, depth, begin = [], 0, 0
    for index, character in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            found.append(_Part(part.node, start + begin, inside[begin:index]).stripped())
            begin = index + 1
    if inside.strip():
        found.append(_Part(part.node, start + begin, inside[begin:]).stripped())
    return found
