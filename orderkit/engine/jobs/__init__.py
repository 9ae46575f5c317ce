"""Jobs: the outbox and its worker. A job is a row that commits with the change that caused it."""

from orderkit.engine.jobs.job import AttemptOutcome, Handler, Job, JobState, Performed, Postponed

__all__ = ["AttemptOutcome", "Handler", "Job", "JobState", "Performed", "Postponed"]
