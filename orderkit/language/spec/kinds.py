"""The kinds of objects, and the words of each. A kind is added here and in `compile`."""

from collections.abc import Mapping

from orderkit.language.spec.automation import AUTOMATION
from orderkit.language.spec.form import EXTEND, FORM
from orderkit.language.spec.integration import CONNECTION, INTEGRATION, MESSAGE
from orderkit.language.spec.ledger import LEDGER
from orderkit.language.spec.menu import MENU
from orderkit.language.spec.project import PROJECT
from orderkit.language.spec.report import DASHBOARD, REPORT
from orderkit.language.spec.role import ROLE
from orderkit.language.spec.sheets import IMPORT, SEED
from orderkit.language.spec.words import Words
from orderkit.language.spec.workflow import WORKFLOW

KINDS: Mapping[str, Words] = {
    "project": PROJECT,
    "form": FORM,
    "extend": EXTEND,
    "workflow": WORKFLOW,
    "automation": AUTOMATION,
    "ledger": LEDGER,
    "role": ROLE,
    "report": REPORT,
    "dashboard": DASHBOARD,
    "connection": CONNECTION,
    "integration": INTEGRATION,
    "message": MESSAGE,
    "import": IMPORT,
    "menu": MENU,
    "seed": SEED,
}

# Kinds of the language that this version does not do yet.
KINDS_LATER = ("matching", "alert", "calendar", "print", "portal", "scenario")
