"""What an editor asks of a project while somebody writes: where a name is declared, who names it, what fits here.

Everything works on texts in memory and answers with places and edits; the protocol is the command's
(`orderkit lsp`).
"""

from orderkit.language.editing.completing import Candidate, complete
from orderkit.language.editing.looking import declaration_of, hover_text, mention_at, mentions_of
from orderkit.language.editing.renaming import NotRenamed, rename, renameable

__all__ = [
    "Candidate",
    "NotRenamed",
    "complete",
    "declaration_of",
    "hover_text",
    "mention_at",
    "mentions_of",
    "rename",
    "renameable",
]
