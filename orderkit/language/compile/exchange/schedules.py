"""Schedules, as cron writes them, of automations and of integrations that pull."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.model.labels import label

WRONG_SCHEDULE = Code(
    "OK4411",
    "wrong-schedule",
    ERROR,
    since="0.1",
    explain="""
    A schedule has five parts: minute, hour, day of the month, month, day of the week. `0 9 1 * *` is nine o'clock
    on the first of each month.
    ~~~yaml bad
    automation: nightly
    trigger: {schedule: "0 25 * * *"}
    foreach: {form: order}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    automation: nightly
    trigger: {schedule: "0 2 * * *"}
    foreach: {form: order}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="定时分五段：分、时、日、月、星期。`0 9 1 * *` 是每月一日九点。",
)


def read_cron(lowering: Lowering, node: ScalarNode) -> str | None:
    """Return a schedule with single spaces in it, or None where it is none."""
    try:
        CronSim(node.text.strip(), datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        lowering.reading.report(
            WRONG_SCHEDULE,
            node,
            label(zh=f"`{node.text}` 不是定时", en=f"`{node.text}` is no schedule: {str(error).lower()}"),
            label(
                zh="写五段：分 时 日 月 星期，如 `0 9 * * 1-5`",
                en="write minute, hour, day, month and day of the week, as in `0 9 * * 1-5`",
            ),
        )
        return None
    return " ".join(node.text.split())
