"""Yonyou U8+, through its open API."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.bookkeeping import INVENTORY, SAVE_ORDER, SAVE_VOUCHER, named
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The app, whose account calls and whose is called."""

    from_account: Annotated[str, About("调用方账号", "the account that calls", '"${U8_FROM}"')]
    to_account: Annotated[str, About("被调用方账号", "the account that is called", '"${U8_TO}"')]
    app_key: Annotated[str, About("应用 Key", "the app", '"${U8_APP_KEY}"')]
    app_secret: Annotated[SecretStr, About("应用密钥", "its secret", '"${U8_APP_SECRET}"')]
    base_url: Annotated[str | None, About("接口地址", "another address of the API", "https://…")] = None


class U8(PendingConnector):
    """Yonyou U8+, through its open API."""

    name = "u8"
    label = labels.label(zh="用友 U8+", en="Yonyou U8+")
    description = labels.label(
        zh="用友 U8+ 的凭证、销售订单和库存", en="Vouchers, sales orders and stock of Yonyou U8+"
    )
    Settings = Settings
    operations: ClassVar = named(SAVE_VOUCHER, SAVE_ORDER, INVENTORY)


TYPE = U8()
