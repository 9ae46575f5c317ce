"""What stands where a personal value was that must not be empty: a value of the field's type, and nobody's."""

from collections.abc import Iterator

from orderkit.catalog import Catalog
from orderkit.engine.records import Values
from orderkit.fields.field_type import ATTACHED, ColumnKind, Invalid
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import label, text_of

# Of these one would have to stand for somebody else, or for something else that was uploaded.
_POINTING = ATTACHED | {ColumnKind.REFERENCE, ColumnKind.REFERENCES}
_LONGEST_DIGITS = 40


def emptied(
    catalog: Catalog, form: Form, user_id: int, *, left: frozenset[str] = frozenset(), path: str = ""
) -> Values:
    """Return what the fields of a user, or of one of their lines, hold from now on.

    Optional ones are emptied; of those that must be filled the personal ones are replaced. Raises Refused
    where a type has no value that is nobody's.
    """
    values: dict[str, Scalar] = {}
    for field in form.stored_fields:
        if field.system is not SystemRole.NONE or field.is_derived or field.id in left:
            continue
        if not field.required:
            is_boolean = catalog.fields[field.type].column is ColumnKind.BOOLEAN
            values[field.id] = False if is_boolean else None
        elif field.pii:
            found = _replacement(catalog, field, user_id)
            if found is None:
                raise Refused([_irreplaceable(field, path + field.id)])
            values[field.id] = found
    return values


def _replacement(catalog: Catalog, field: Field, user_id: int) -> Scalar:
    """Return the first candidate that the field's own type reads and allows; None if there is none."""
    kind = catalog.fields[field.type]
    if kind.column in _POINTING:
        return None
    for text in _candidates(field, user_id):
        value = kind.parse(field.options, text)
        if value is not None and not isinstance(value, Invalid) and kind.check(field.options, value) is None:
            return value
    return None


def _candidates(field: Field, user_id: int) -> Iterator[str]:
    """Yield texts, such that the first of each type says most plainly that nobody is meant."""
    yield f"erased-{user_id}"
    # RFC 2606 keeps this domain, and the ITU this country code, from ever being anybody's.
    yield f"erased-{user_id}@erased.invalid"
    yield f"https://erased.invalid/{user_id}"
    if field.unique:
        yield str(user_id)
    yield from ("0", "1")
    for name in ("min", "max"):
        limit = getattr(field.options, name, None)
        if limit is not None:
            yield str(limit)
    yield f"+999{user_id:07d}"
    yield from ("1900-01-01", "00:00", "0,0", "#000000")
    for option in getattr(field.options, "options", ()):
        yield str(option.value)
    for length in range(1, _LONGEST_DIGITS):
        yield f"{user_id:0{length}d}"


def _irreplaceable(field: Field, path: str) -> Problem:
    zh, en = text_of(field.label, "zh"), text_of(field.label, "en")
    return Problem(
        path=path,
        code="required",
        message=label(
            zh=f"“{zh}”含个人信息又必填，没有可以代替它的值：请先在 YAML 中去掉它的 required，再清除此人",
            en=f"{en} is personal and must be filled, and no value can take its place: "
            "take `required` from it in the YAML first, then erase the person",
        ),
    )
