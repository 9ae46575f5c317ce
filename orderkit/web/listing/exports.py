"""The ways to take records along: what the list shows, or everything, as one kind of file or another."""

from dataclasses import dataclass

from orderkit.engine.exporting import FORMATS
from orderkit.web.listing.address import ListAddress
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """A kind of file."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportGroup:
    """What may be taken along, in each kind of file."""

    label: str
    choices: tuple[ExportChoice, ...]


def exports(visit: Visit, address: ListAddress, url: str) -> tuple[ExportGroup, ...]:
    """Return the ways to take along what stands at an address of the list at `url`."""
    shown = address.with_cursor(None)
    return (
        ExportGroup(
            label=visit.t("list.export_shown"),
            choices=tuple(
                ExportChoice(each.title, shown.url(f"{url}/export/{each.name}")) for each in FORMATS.values()
            ),
        ),
        ExportGroup(
            label=visit.t("list.export_everything"),
            choices=tuple(
                ExportChoice(each.title, f"{url}/export/{each.name}/all") for each in FORMATS.values()
            ),
        ),
    )
