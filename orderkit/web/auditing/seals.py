"""How the seal of the audit stands, in words."""

from dataclasses import dataclass
from datetime import datetime

from orderkit.engine.audit.words import TAMPERING
from orderkit.engine.runtime import Unit
from orderkit.engine.trail import SealState
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SealView:
    """How the audit stands, in words. `hue` is of the whole; `broken` says where."""

    word: str
    hue: str
    sealed: str
    waiting: str
    verified: str
    broken: tuple[str, ...]
    more: int
    is_under_way: bool


def seal_view(visit: Visit, unit: Unit, state: SealState) -> SealView:
    """Return it for the page."""

    def moment(at: datetime | None) -> str:
        return "" if at is None else shown_ago(at, unit.now, visit.zone, visit.locale, visit.t)

    verified = state.verified
    word, hue = visit.t("audit.seal_unverified"), "gray"
    if not state.has_keys:
        word, hue = visit.t("audit.seal_no_keys"), "orange"
    elif verified is not None:
        word, hue = visit.t("audit.seal_whole"), "green"
        if verified.count:
            word, hue = visit.t("audit.seal_broken", count=verified.count), "red"
    return SealView(
        word=word,
        hue=hue,
        sealed=visit.t("audit.sealed", time=moment(state.sealed_at))
        if state.sealed_at
        else visit.t("audit.never_sealed"),
        waiting=visit.t("audit.unsealed", count=state.waiting, time=moment(state.oldest))
        if state.waiting
        else "",
        verified=visit.t("audit.never_verified")
        if verified is None
        else visit.t(
            "audit.verified", time=moment(verified.at), entries=verified.entries, seals=verified.seals
        ),
        broken=()
        if verified is None
        else tuple(
            visit.text(TAMPERING[each.kind]).format(
                ids=str(each.first) if each.first == each.last else f"{each.first}–{each.last}",
                detail=each.detail,
            )
            + (
                ""
                if each.since is None
                else visit.t("audit.since", time=shown_at(each.since, visit.zone, visit.locale))
            )
            for each in verified.found
        ),
        more=0 if verified is None else verified.count - len(verified.found),
        is_under_way=state.is_under_way,
    )
