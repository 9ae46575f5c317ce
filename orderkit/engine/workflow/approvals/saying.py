"""What is said with a decision reaches those it turns to by `@name`; with files it becomes a comment on the record."""

from collections.abc import Sequence

from orderkit.engine import comments
from orderkit.engine.comments.mentions import mentioned
from orderkit.engine.comments.telling import tell
from orderkit.engine.workflow.approvals.holding import Held
from orderkit.engine.workflow.approvals.leave import not_allowed, refused
from orderkit.model.labels import label


def say(held: Held, comment: str | None, attached: Sequence[int]) -> None:
    """Tell people of a decision's comment, and keep its files. Raises Refused."""
    if attached:
        if not held.may.attach:
            raise not_allowed("此步骤不能附上文件", "no files can be attached in this step")
        if comment is None:
            raise refused(
                "required", label(zh="请为附件写一句说明", en="say a word about the files"), "comment"
            )
        comments.add(
            held.unit, held.instance.form, held.instance.record_id, comment, attached=tuple(attached)
        )
    elif comment is not None and "@" in comment:
        people = mentioned(held.unit, held.row, comment)
        tell(held.unit, held.row, comment, people, only_mentioned=True)
