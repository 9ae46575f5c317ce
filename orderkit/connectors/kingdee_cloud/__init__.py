"""Kingdee K/3 Cloud (金蝶云星空), through its Web API."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.bookkeeping import INVENTORY, SAVE_ORDER, SAVE_VOUCHER, named
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """Whose account set it is, and who calls. `app_id` is `<client>_<32 characters>`, as the vendor gives it."""

    server_url: Annotated[
        str, About("服务器地址，以 /k3cloud/ 结尾", "the server, ending in /k3cloud/", '"${KINGDEE_URL}"')
    ]
    acct_id: Annotated[str, About("账套 ID", "the account set", '"${KINGDEE_ACCT}"')]
    username: Annotated[str, About("集成用户", "the user that calls", '"${KINGDEE_USER}"')]
    app_id: Annotated[str, About("应用 ID", "the app", '"${KINGDEE_APP_ID}"')]
    app_secret: Annotated[SecretStr, About("应用密钥", "its secret", '"${KINGDEE_SECRET}"')]
    lcid: Annotated[str, About("语言，2052 为简体中文", "the language", "2052")] = "2052"
    org_num: Annotated[str | None, About("组织编码", "the organization", "100")] = None
    book: Annotated[str | None, About("默认账簿编码", "the book where none is given", '"001"')] = None


class KingdeeCloud(PendingConnector):
    """Kingdee K/3 Cloud (金蝶云星空), through its Web API."""

    name = "kingdee_cloud"
    label = labels.label(zh="金蝶云星空", en="Kingdee K/3 Cloud")
    description = labels.label(
        zh="金蝶云星空的凭证、销售订单和库存", en="Vouchers, sales orders and stock of Kingdee K/3 Cloud"
    )
    Settings = Settings
    operations: ClassVar = named(SAVE_VOUCHER, SAVE_ORDER, INVENTORY)


TYPE = KingdeeCloud()
