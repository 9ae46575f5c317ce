"""Parcels followed through 快递100."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.parcels import TRACES, TRACK
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The account."""

    customer: Annotated[str, About("公司编号", "the customer", '"${KUAIDI100_CUSTOMER}"')]
    key: Annotated[SecretStr, About("授权 Key", "its key", '"${KUAIDI100_KEY}"')]
    base_url: Annotated[str | None, About("接口地址", "another address of the API", "https://…")] = None


class Kuaidi100(PendingConnector):
    """Parcels followed through 快递100."""

    name = "kuaidi100"
    label = labels.label(zh="快递100", en="Kuaidi100")
    description = labels.label(zh="查询快递轨迹", en="Follows parcels")
    Settings = Settings
    operations: ClassVar = {TRACK.name: TRACK, TRACES.name: TRACES}


TYPE = Kuaidi100()
