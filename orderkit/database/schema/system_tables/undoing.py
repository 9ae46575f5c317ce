"""What transitions did that can be taken back: the postings, assignments and records of each."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

# By workflow and record, not by instance: a record that comes back from the bin has a new one.
workflow_undo = Table(
    "ok_workflow_undo",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("workflow", String(64), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("transition", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    # The ledger of a posting, or the form of a record.
    Column("form", String(130), nullable=False),
    Column("target_id", BigId, nullable=False),
    Column("data", JSON, nullable=False),
    Column("done_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Index("ok_workflow_undo_record", "workflow", "record_id", "transition", "id"),
)
