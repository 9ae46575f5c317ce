"""What stands in a ledger when a story begins."""

from orderkit.engine.runtime import Unit
from orderkit.model.labels import label
from orderkit.model.scenarios import GivenPosting
from orderkit.testing.stage import Stage, wrong


def post(stage: Stage, unit: Unit, given: GivenPosting) -> None:  # noqa: ARG001 - what posting will need
    """Post to a ledger. Raises Refused: no engine of this version posts to any."""
    place = f"{given.ledger}.{given.posting}"
    raise wrong(
        label(
            zh=f"此版本还不能记账到 `{place}`，前提里的 `post` 不能执行",
            en=f"this version does not post to `{place}` yet, so `post` cannot be given",
        )
    )
