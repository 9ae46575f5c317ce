"""Whether the changed rules of a form are right, seen with the few files around it instead of all.

A rule is what a form demands (`check`, `checks`) or shows (`visible_if`, `required_if`, `readonly_if`). What
other objects look at is which fields it reads; what it says of them is nobody's business but of those who
check the rule itself, and a test looks for others. So a rule that reads the same fields as before, and is
right, changes no finding elsewhere. Whatever is not quite certain is no: then the project is compiled.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderkit.catalog import Catalog
from orderkit.language.cache.sameness import FIELD_RULES
from orderkit.language.compile.forms.fields import lower_fields
from orderkit.language.compile.forms.forms import lower_checks
from orderkit.language.compile.lints.dependencies import fields_read
from orderkit.language.compile.lints.expressions.comparisons import doubtful_conditions
from orderkit.language.compile.lints.expressions.divisions import divides_by_zero, keeps_zero_out
from orderkit.language.compile.names.collecting import collect_names
from orderkit.language.compile.names.settings import read_settings
from orderkit.language.compile.places.context import Compilation
from orderkit.language.compile.places.lowering import make_lowering
from orderkit.language.compile.places.scopes import form_scopes
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.shapes.shaping import build_shapes
from orderkit.language.source import ScalarNode
from orderkit.language.source.directory import is_asset
from orderkit.language.spec import Reading
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.mentions import ReadExpression
from orderkit.model.expressions.nodes import Balance, Expression, Find
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Json

_REFERENCE = re.compile(rb"\bto:\s*['\"]?([a-z][a-z0-9_]*)")
# Where a file says what it is, or its rules are checked with all files.
_HEAD = 400
_FORM = re.compile(rb"^form:\s*['\"]?([a-z][a-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written and as read; `read` is None where it could not be, with these files alone."""

    node: ScalarNode
    read: ReadExpression | None


def are_right(path: str, was: bytes, files: Mapping[str, bytes], catalog: Catalog) -> bool:
    """Return whether a form without findings whose rules changed, and nothing else, surely has none now.

    Args:
        path: the form's file.
        was: what stood in it.
        files: all files as they are now.
        catalog: field types, actions and connectors to be used.
    """
    around = _around(path, files)
    before = _rules(path, {**around, path: was}, catalog)
    after = _rules(path, around, catalog)
    # One node in two places, by an alias, would be read as two rules and known as one.
    if not len(before) == len(after) == len({id(each.node) for each in after}):
        return False
    pairs = zip(before, after, strict=True)
    return all(old.node.text == new.node.text or _is_as_good(old.read, new.read) for old, new in pairs)


def _around(path: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a form's file and what its rules probably speak of. What is missed makes a rule unreadable."""
    form = _FORM.search(files[path])
    names = {*_REFERENCE.findall(files[path]), b"" if form is None else form[1]}
    signs = [
        b"project:",
        b"extend:",
        *(b"form: " + name for name in names),
        *(b"for: " + name for name in names),
    ]
    return {
        each: data
        for each, data in files.items()
        if each == path or (not is_asset(each) and any(sign in data[:_HEAD] for sign in signs))
    }


def _rules(path: str, files: Mapping[str, bytes], catalog: Catalog) -> list[Rule]:
    """Return the rules of a form in the order written."""
    reading = Reading()
    named = collect_names(files, reading)
    settings = read_settings(named, reading)
    shapes = build_shapes(named, settings, catalog, reading)
    lowering = make_lowering(
        Compilation(
            named=named,
            settings=settings,
            catalog=catalog,
            reading=reading,
            shapes=shapes,
            ledgers={},
            scopes=form_scopes(shapes),
        )
    )
    own = [
        each for each in shapes.values() if each.declared is not None and each.declared.origin.path == path
    ]
    for shape in own:
        lower_fields(lowering, shape)
        if shape.parent is None and shape.declared is not None and shape.declared.written is not None:
            lower_checks(lowering, shape, [shape.declared.written])
    read = {id(each.node): each for each in reading.mentions.expressions}
    return [Rule(node, read.get(id(node))) for shape in own for node in _nodes(shape)]


def _nodes(shape: FormShape) -> Iterator[ScalarNode]:
    places = [(each.written, key) for each in shape.own_fields() for key in FIELD_RULES]
    written = None if shape.declared is None or shape.parent is not None else shape.declared.written
    checks = () if written is None else written[form_words.CHECKS] or ()
    places += [(check, form_words.CHECK_THAT) for check in checks]
    for holder, key in places:
        node = None if holder is None else holder[key]
        if node is not None:
            yield node


def _is_as_good(old: ReadExpression | None, new: ReadExpression | None) -> bool:
    """Whether a rule is right, speaks of what the old one spoke of, and keeps zero out as that did."""
    if old is None or new is None or not (_is_plain(old.expression) and _is_plain(new.expression)):
        return False
    if {(word.kind, word.id) for word in old.names} != {(word.kind, word.id) for word in new.names}:
        return False
    if set(fields_read(old.expression)) != set(fields_read(new.expression)):
        return False
    if doubtful_conditions(new.expression) or any(map(divides_by_zero, walk(new.expression))):
        return False
    return keeps_zero_out(new.expression) == keeps_zero_out(old.expression)


def _is_plain(expression: Expression) -> bool:
    """Whether all that a rule names is among the files it was read with: what is not has an open type."""
    return not any(
        isinstance(node, Find | Balance) or isinstance(node.type, Json) for node in walk(expression)
    )
