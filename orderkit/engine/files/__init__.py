"""Attachments: their bytes in a folder or a bucket, their names and places in `ok_file`."""

from orderkit.engine.files.media_types import SHOWN_INLINE
from orderkit.engine.files.uploads import StoredFile, content_path, files_of, receive, remove_untied, tie

__all__ = ["SHOWN_INLINE", "StoredFile", "content_path", "files_of", "receive", "remove_untied", "tie"]
