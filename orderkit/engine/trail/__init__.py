"""The audit as administrators look at it: what its entries say to them, and whether it is sealed and whole."""

from orderkit.engine.trail.checking import (
    AUDIT_JOB,
    SealState,
    VerifyHandler,
    ask_to_verify,
    seal_state,
)
from orderkit.engine.trail.telling import TrailEntry, trail

__all__ = [
    "AUDIT_JOB",
    "SealState",
    "TrailEntry",
    "VerifyHandler",
    "ask_to_verify",
    "seal_state",
    "trail",
]
