"""Which records of a list are chosen: those that are ticked, or all that the list shows.

The question that follows settles them: what is then done is done to the records it counted, not to those
that match a moment later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from orderkit.engine import records
from orderkit.engine.bulk import MOST_RECORDS
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.forms import Form
from orderkit.model.labels import label
from orderkit.web.listing.address import read_address
from orderkit.web.listing.querying import whole_query
from orderkit.web.request.visit import LONGEST_ID, Visit

LONGEST_LIST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Chosen records. `is_cut`: more match than are taken at once; `query` chooses the same ones again."""

    ids: tuple[int, ...]
    is_cut: bool
    query: str
    list_url: str

    @property
    def ids_text(self) -> str:
        """The ids as a form sends them."""
        return ",".join(map(str, self.ids))


def read_chosen(visit: Visit, unit: Unit, form: Form) -> Chosen:
    """Return what a list, or a question about its records, has sent. Raises NotFound, Refused."""
    sent = visit.form if visit.request.method == "POST" else visit.query
    given = sent.get("list", "")
    listed = given[:LONGEST_LIST] if isinstance(given, str) else ""
    address = read_address(QueryParams(listed.lstrip("?")), form, unit.runtime.catalog)
    list_url = address.url(f"/forms/{form.id}")
    if sent.get("all") == "1":
        query = whole_query(form, address)
        found = records.matching(unit, query, most=MOST_RECORDS + 1)
        again = urlencode({"all": "1", "list": listed})
        return Chosen(
            ids=found[:MOST_RECORDS], is_cut=len(found) > MOST_RECORDS, query=again, list_url=list_url
        )
    ids = _ids(each for each in sent.getlist("ids") if isinstance(each, str))
    if not ids:
        raise _refused(zh="请先勾选记录", en="tick the records first")
    again = urlencode({"ids": ",".join(map(str, ids)), "list": listed})
    return Chosen(ids=tuple(ids), is_cut=False, query=again, list_url=list_url)


def _ids(texts: Iterable[str]) -> Sequence[int]:
    parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if len(parts) > MOST_RECORDS:
        raise _refused(
            zh=f"一次最多处理 {MOST_RECORDS} 条记录，请缩小范围",
            en=f"at most {MOST_RECORDS} records at once; choose fewer",
        )
    if not all(each.isascii() and each.isdecimal() and len(each) < LONGEST_ID for each in parts):
        raise NotFound
    return [int(each) for each in dict.fromkeys(parts)]


def _refused(*, zh: str, en: str) -> Refused:
    return Refused([Problem(path="ids", code="bad_selection", message=label(zh=zh, en=en))])
