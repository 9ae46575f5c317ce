"""The ways to documents: in the menu of a record, and in the bar of chosen records."""

from collections.abc import Iterable
from dataclasses import dataclass

from orderkit.model.exchange.papers import Print
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.rendering.texts import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintView:
    """One document; its address is of one record, or takes those that are chosen."""

    label: str
    url: str


def print_views(
    documents: Iterable[Print], form: Form, locale: str, t: Speaker, *, ids: str = ""
) -> tuple[PrintView, ...]:
    """Return documents as they are offered."""
    asked = f"?ids={ids}" if ids else ""
    return tuple(
        PrintView(
            label=t("printing.menu", document=text_of(each.label, locale)),
            url=f"/forms/{form.id}/print/{each.id}{asked}",
        )
        for each in documents
    )
