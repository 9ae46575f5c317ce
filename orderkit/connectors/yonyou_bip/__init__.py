"""Yonyou BIP (YonBIP, YonSuite), through its gateway."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.bookkeeping import INVENTORY, SAVE_ORDER, SAVE_VOUCHER, named
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The tenant and the app. The gateway is asked for by the tenant where it is not given."""

    tenant_id: Annotated[str, About("租户 ID", "the tenant", '"${YONYOU_TENANT}"')]
    app_key: Annotated[str, About("应用 Key", "the app", '"${YONYOU_APP_KEY}"')]
    app_secret: Annotated[SecretStr, About("应用密钥", "its secret", '"${YONYOU_APP_SECRET}"')]
    gateway_url: Annotated[str | None, About("网关地址", "the gateway", '"${YONYOU_GATEWAY}"')] = None
    token_url: Annotated[str | None, About("令牌地址", "where tokens come from", '"${YONYOU_TOKENS}"')] = None
    book: Annotated[str | None, About("默认账簿编码", "the book where none is given", '"0001"')] = None


class YonyouBip(PendingConnector):
    """Yonyou BIP (YonBIP, YonSuite), through its gateway."""

    name = "yonyou_bip"
    label = labels.label(zh="用友 YonBIP", en="Yonyou BIP")
    description = labels.label(
        zh="用友 YonBIP、YonSuite 的凭证、销售订单和库存",
        en="Vouchers, sales orders and stock of Yonyou BIP and YonSuite",
    )
    Settings = Settings
    operations: ClassVar = named(SAVE_VOUCHER, SAVE_ORDER, INVENTORY)


TYPE = YonyouBip()
