"""The kinds of objects, one module each, and the words of each. A kind is added here and in `compile`."""

from collections.abc import Iterable, Mapping

from orderkit.language.spec.kinds.alert import ALERT
from orderkit.language.spec.kinds.automation import AUTOMATION
from orderkit.language.spec.kinds.calendar import CALENDAR
from orderkit.language.spec.kinds.form import EXTEND, FORM
from orderkit.language.spec.kinds.integration import CONNECTION, INTEGRATION, MESSAGE
from orderkit.language.spec.kinds.ledger import LEDGER
from orderkit.language.spec.kinds.matching import MATCHING
from orderkit.language.spec.kinds.menu import MENU
from orderkit.language.spec.kinds.page import PAGE
from orderkit.language.spec.kinds.papers import PORTAL, PRINT
from orderkit.language.spec.kinds.project import PROJECT
from orderkit.language.spec.kinds.report import DASHBOARD, REPORT
from orderkit.language.spec.kinds.role import ROLE
from orderkit.language.spec.kinds.scenario import SCENARIO
from orderkit.language.spec.kinds.sheets import IMPORT, SEED
from orderkit.language.spec.kinds.workflow import WORKFLOW
from orderkit.language.spec.words import Words

KINDS: Mapping[str, Words] = {
    "project": PROJECT,
    "form": FORM,
    "extend": EXTEND,
    "workflow": WORKFLOW,
    "automation": AUTOMATION,
    "ledger": LEDGER,
    "matching": MATCHING,
    "alert": ALERT,
    "calendar": CALENDAR,
    "role": ROLE,
    "report": REPORT,
    "dashboard": DASHBOARD,
    "connection": CONNECTION,
    "integration": INTEGRATION,
    "message": MESSAGE,
    "import": IMPORT,
    "print": PRINT,
    "portal": PORTAL,
    "page": PAGE,
    "menu": MENU,
    "seed": SEED,
    "scenario": SCENARIO,
}


def kinds_with_word(kind: str) -> tuple[str, ...]:
    """Return the kinds that have the name of another as a word, as `project` has `calendar`."""
    return tuple(name for name, words in KINDS.items() if kind in words.by_name)


def kinds_among(keys: Iterable[str]) -> list[str]:
    """Return the kinds that a file with these keys declares: a word of another kind among them is none."""
    found = [key for key in keys if key in KINDS]
    return [kind for kind in found if not set(kinds_with_word(kind)) & set(found)]
