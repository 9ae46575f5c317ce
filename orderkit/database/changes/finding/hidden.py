"""Fields that become required where they are shown, although records exist in which they may be hidden.

Their column may stay empty, so there is nothing that a migration must fill, and it cannot tell for sure
which records show them: a `visible_if` may ask who looks, and what day it is.
"""

from collections.abc import Iterator

from orderkit.database.changes.finding.models import Models
from orderkit.model.expressions.nodes import Literal
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label


def kept_empty(models: Models) -> Iterator[Label]:
    """Yield a note for each field whose `default:` or `backfill:` people may expect to fill older records."""
    for form, old, new in models.pairs:
        if new.required and not old.required and _may_be_hidden(form, new) and _has_value(new):
            yield _told(f"{form.id}.{new.id}")


def _may_be_hidden(form: Form, field: Field) -> bool:
    return field.visible_if is not None or any(field.id in variant.hide for variant in form.variants)


def _has_value(field: Field) -> bool:
    default = field.default.value if isinstance(field.default, Literal) else None
    return field.backfill is not None or default is not None


def _told(path: str) -> Label:
    return label(
        zh=f"{path} 今后在显示时必填：已有记录里为空的不会被填上（`default:` 和 `backfill:` 只对不会隐藏的字段这样做），"
        "下次修改时须补填；也可用导入补齐",
        en=f"{path} is required from now on where it is shown: records that exist and are empty there stay empty "
        "(`default:` and `backfill:` fill only what is never hidden) and must fill it when they are next changed; "
        "an import can do so for many",
    )
