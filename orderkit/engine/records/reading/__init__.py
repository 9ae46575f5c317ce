"""Reading: one record, lists, drafts, history and attachments, all through the reader's rights."""
