"""Figures of a workflow: how long things take, where they stand, what is sent back, which ways records go.

Every function takes an `Asked`, which is made for one reader and counts only what they may read.
"""

from orderkit.engine.workflow.analytics.asking import ALL_TIME, Asked, Question, readable_workflow
from orderkit.engine.workflow.analytics.behind import KEYS, Behind, Figure, RecordSpan, records_behind
from orderkit.engine.workflow.analytics.refusals import Reason, StepRefusals, reasons, step_refusals
from orderkit.engine.workflow.analytics.spreads import Spread
from orderkit.engine.workflow.analytics.standing import Standing, counts_by_state, standing
from orderkit.engine.workflow.analytics.throughput import Week, throughput
from orderkit.engine.workflow.analytics.times import (
    PersonTime,
    StateTime,
    StepTime,
    person_times,
    state_times,
    step_times,
)
from orderkit.engine.workflow.analytics.variants import Variant, Variants, variants

__all__ = [
    "ALL_TIME",
    "KEYS",
    "Asked",
    "Behind",
    "Figure",
    "PersonTime",
    "Question",
    "Reason",
    "RecordSpan",
    "Spread",
    "Standing",
    "StateTime",
    "StepRefusals",
    "StepTime",
    "Variant",
    "Variants",
    "Week",
    "counts_by_state",
    "person_times",
    "readable_workflow",
    "reasons",
    "records_behind",
    "standing",
    "state_times",
    "step_refusals",
    "step_times",
    "throughput",
    "variants",
]
