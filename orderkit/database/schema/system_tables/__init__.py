"""orderkit's own tables, all named `ok_…`; their revisions are in `system_revisions`.

They hold what is not a record of the project: sign-in, audit, jobs, running workflows, files.
References to records are plain ids, since a record may be deleted and its history must stay.
"""

from orderkit.database.schema.system_tables.accounts import (
    account_setting,
    address_failure,
    credential,
    former_password,
    identity,
    one_time_link,
    recovery_code,
    second_factor,
    session,
    token,
    token_form,
    user_role,
)
from orderkit.database.schema.system_tables.auditing import (
    FORGET_GUARDS,
    KEEP_AUDIT,
    PRUNING,
    RELEASE_AUDIT,
    audit_checkpoint,
    audit_seal,
)
from orderkit.database.schema.system_tables.background import action_block, automation, delivery, sub_flow
from orderkit.database.schema.system_tables.bookkeeping import counter, idempotency, rate_bucket, setting
from orderkit.database.schema.system_tables.jobs import (
    bulk_result,
    bulk_run,
    connection_health,
    import_record,
    import_run,
    incident,
    job,
    job_attempt,
    worker,
)
from orderkit.database.schema.system_tables.lists import list_arrangement, list_default, list_view
from orderkit.database.schema.system_tables.migrations import migration_step, renaming, retired, revision
from orderkit.database.schema.system_tables.own_metadata import metadata
from orderkit.database.schema.system_tables.records import (
    audit,
    audit_personal,
    comment,
    deleted_record,
    file,
    follower,
    inbox_message,
    record_link,
    record_look,
)
from orderkit.database.schema.system_tables.search import (
    MAKE_SEARCH_TOKENS,
    SEARCH_TOKENS,
    search_entry,
    search_form,
)
from orderkit.database.schema.system_tables.timers import workflow_clock, workflow_timer
from orderkit.database.schema.system_tables.undoing import workflow_undo
from orderkit.database.schema.system_tables.workflows import (
    substitution,
    workflow_choice,
    workflow_copy,
    workflow_definition,
    workflow_event,
    workflow_instance,
    workflow_step,
    workflow_task,
)

__all__ = [
    "FORGET_GUARDS",
    "KEEP_AUDIT",
    "MAKE_SEARCH_TOKENS",
    "PRUNING",
    "RELEASE_AUDIT",
    "SEARCH_TOKENS",
    "account_setting",
    "action_block",
    "address_failure",
    "audit",
    "audit_checkpoint",
    "audit_personal",
    "audit_seal",
    "automation",
    "bulk_result",
    "bulk_run",
    "comment",
    "connection_health",
    "counter",
    "credential",
    "deleted_record",
    "delivery",
    "file",
    "follower",
    "former_password",
    "idempotency",
    "identity",
    "import_record",
    "import_run",
    "inbox_message",
    "incident",
    "job",
    "job_attempt",
    "list_arrangement",
    "list_default",
    "list_view",
    "metadata",
    "migration_step",
    "one_time_link",
    "rate_bucket",
    "record_link",
    "record_look",
    "recovery_code",
    "renaming",
    "retired",
    "revision",
    "search_entry",
    "search_form",
    "second_factor",
    "session",
    "setting",
    "sub_flow",
    "substitution",
    "token",
    "token_form",
    "user_role",
    "worker",
    "workflow_choice",
    "workflow_clock",
    "workflow_copy",
    "workflow_definition",
    "workflow_event",
    "workflow_instance",
    "workflow_step",
    "workflow_task",
    "workflow_timer",
    "workflow_undo",
]
