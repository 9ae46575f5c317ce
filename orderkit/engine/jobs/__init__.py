"""Jobs: the outbox and its worker. A job is a row that commits with the change that caused it."""

from orderkit.engine.jobs.job import (
    MAX_DEPTH,
    Attempt,
    AttemptOutcome,
    Handler,
    Job,
    JobState,
    Performed,
    Postponed,
)
from orderkit.engine.jobs.letters import (
    attempts_of,
    cancel,
    count_jobs,
    find_job,
    find_jobs,
    replay,
    replay_all,
    settle,
)
from orderkit.engine.jobs.queue import enqueue, purge
from orderkit.engine.jobs.worker import Chore, Routine, WakeUp, Worker
from orderkit.engine.jobs.workers import WorkerSeen, workers_seen

__all__ = [
    "MAX_DEPTH",
    "Attempt",
    "AttemptOutcome",
    "Chore",
    "Handler",
    "Job",
    "JobState",
    "Performed",
    "Postponed",
    "Routine",
    "WakeUp",
    "Worker",
    "WorkerSeen",
    "attempts_of",
    "cancel",
    "count_jobs",
    "enqueue",
    "find_job",
    "find_jobs",
    "purge",
    "replay",
    "replay_all",
    "settle",
    "workers_seen",
]
