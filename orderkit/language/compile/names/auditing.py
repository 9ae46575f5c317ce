"""What `audit` of the project says, with its defaults."""

from orderkit.language.spec.parts import auditing as words
from orderkit.language.spec.words import Written
from orderkit.model.auditing import FOR_EVER, AuditRules

# Four years have a leap day: nothing goes a day before its time.
_DAYS_OF_FOUR_YEARS = 1461


def read_audit(written: Written | None) -> AuditRules:
    """Return the rules of the audit."""
    keep = None if written is None or written.is_broken else written[words.KEEP]
    if keep is None:
        return FOR_EVER
    count = int(keep[:-1])
    return AuditRules(keep_days=count if keep.endswith("d") else -(-count * _DAYS_OF_FOUR_YEARS // 4))
