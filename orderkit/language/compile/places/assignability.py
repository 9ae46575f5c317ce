"""Which fields can be given a value: those that neither the system nor an expression fills."""

from orderkit.language.compile.shapes.shape import FieldShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading
from orderkit.model.forms import SystemRole
from orderkit.model.labels import label

NOT_ASSIGNABLE = Code(
    "OK3108",
    "not-assignable",
    ERROR,
    since="0.1",
    explain="""
    A value is given to a field that the system or an expression fills.
    ~~~yaml bad
    form: product
    fields: {code: {type: text, unique: true}, twice: {type: text, compute: "concat(code, code)"}}
    # seed.yaml
    seed: products
    for: product
    match: [code]
    rows: [{code: A, twice: AA}]
    ~~~
    ~~~yaml good
    form: product
    fields: {code: {type: text, unique: true}, twice: {type: text, compute: "concat(code, code)"}}
    # seed.yaml
    seed: products
    for: product
    match: [code]
    rows: [{code: A}]
    ~~~""",
    zh="给了由系统或表达式填写的字段一个值。",
)

_ALWAYS_ASSIGNABLE = frozenset({SystemRole.NONE, SystemRole.OWNER})
_IN_HISTORY = frozenset({SystemRole.STATE, SystemRole.NUMBER, SystemRole.CREATED_AT, SystemRole.CREATED_BY})


def is_assignable(reading: Reading, key: ScalarNode, field: FieldShape, *, is_history: bool = False) -> bool:
    """Whether a field can be given a value; if not, that is reported.

    In a history import records arrive with their state, number and time of creation.
    """
    if field.field is None:
        return False
    is_derived = field.written is not None and bool(field.written.nodes.keys() & {"compute", "virtual"})
    system = field.field.system
    if not is_derived and (system in _ALWAYS_ASSIGNABLE or (is_history and system in _IN_HISTORY)):
        return True
    is_state = system is SystemRole.STATE
    reading.report(
        NOT_ASSIGNABLE,
        key,
        label(zh=f"`{key.text}` 由流程改变，不能赋值", en=f"`{key.text}` is changed by its workflow only")
        if is_state
        else label(
            zh=f"`{key.text}` 由系统填写，不能赋值",
            en=f"`{key.text}` is filled by the system, not by a value",
        ),
        label(zh="用流转；历史导入加 `history:`", en="press a transition; for old records add `history:`")
        if is_state
        else None,
    )
    return False
