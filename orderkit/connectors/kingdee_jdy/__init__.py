"""Kingdee Jingdouyun (金蝶云星辰), through its open platform."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.bookkeeping import INVENTORY, SAVE_ORDER, SAVE_VOUCHER, named
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The app of the open platform and the instance that permitted it."""

    client_id: Annotated[str, About("客户端 ID", "the app", '"${JDY_CLIENT_ID}"')]
    client_secret: Annotated[SecretStr, About("客户端密钥", "its secret", '"${JDY_CLIENT_SECRET}"')]
    outer_instance_id: Annotated[str, About("实例 ID", "the instance", '"${JDY_INSTANCE}"')]
    base_url: Annotated[str | None, About("开放平台地址", "another address of the platform", "https://…")] = (
        None
    )


class KingdeeJdy(PendingConnector):
    """Kingdee Jingdouyun (金蝶云星辰), through its open platform."""

    name = "kingdee_jdy"
    label = labels.label(zh="金蝶云星辰", en="Kingdee Jingdouyun")
    description = labels.label(
        zh="金蝶云星辰的凭证、销售订单和库存", en="Vouchers, sales orders and stock of Kingdee Jingdouyun"
    )
    Settings = Settings
    operations: ClassVar = named(SAVE_VOUCHER, SAVE_ORDER, INVENTORY)


TYPE = KingdeeJdy()
