"""Parcels followed through 快递鸟."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.parcels import TRACES, TRACK
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The account."""

    business_id: Annotated[str, About("用户 ID", "the account", '"${KDNIAO_ID}"')]
    app_key: Annotated[SecretStr, About("API Key", "its key", '"${KDNIAO_KEY}"')]
    base_url: Annotated[str | None, About("接口地址", "another address of the API", "https://…")] = None


class Kdniao(PendingConnector):
    """Parcels followed through 快递鸟."""

    name = "kdniao"
    label = labels.label(zh="快递鸟", en="Kdniao")
    description = labels.label(zh="查询快递轨迹", en="Follows parcels")
    Settings = Settings
    operations: ClassVar = {TRACK.name: TRACK, TRACES.name: TRACES}


TYPE = Kdniao()
