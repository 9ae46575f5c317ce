"""What a press would lead to before it is made: which steps, which people, why, and what a value would change."""

from orderkit.engine.workflow.previewing.boundaries import Boundary, boundaries_of
from orderkit.engine.workflow.previewing.preview import preview
from orderkit.engine.workflow.previewing.trial import Trial, trial
from orderkit.engine.workflow.previewing.views import (
    Decider,
    Preview,
    PreviewedStep,
    WeighedCondition,
    WhatIf,
)

__all__ = [
    "Boundary",
    "Decider",
    "Preview",
    "PreviewedStep",
    "Trial",
    "WeighedCondition",
    "WhatIf",
    "boundaries_of",
    "preview",
    "trial",
]
