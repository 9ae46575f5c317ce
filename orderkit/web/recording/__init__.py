"""The parts of a record's page: sections, progress, buttons, approvals, related records, timeline."""
