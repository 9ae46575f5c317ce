"""What the words of a heading lead one to expect of the cells below it."""

import re
from dataclasses import dataclass

from orderkit.inference.naming import words_of


@dataclass(frozen=True, slots=True)
class Expected:
    """Words that speak for something, as a pattern of Chinese and as whole English words; `never` speaks against it."""

    chinese: re.Pattern[str]
    english: frozenset[str]
    never: re.Pattern[str] | None = None

    def is_in(self, heading: str) -> bool:
        """Whether the heading has one of the words."""
        if self.never is not None and self.never.search(heading.lower()):
            return False
        return self.chinese.search(heading) is not None or not self.english.isdisjoint(words_of(heading))


def _expected(chinese: str, english: str, never: str | None = None) -> Expected:
    return Expected(
        re.compile(chinese, re.IGNORECASE),
        frozenset(english.split()),
        None if never is None else re.compile(never),
    )


CODE = _expected(
    r"编号|号码|单号|[号码]$|代码|编码|条码|证号|账号|帐号|税号|邮编|^ID$|\bID$",
    "id no nr num number code sku key barcode ean isbn zip postal postcode account serial imei",
    never=r"行号|序号|number ?of|no\. of|line",
)
LINE_NUMBER = _expected(r"行号|序号|项次|^行|^#$", "line row position pos seq sequence")
PHONE = _expected("电话|手机|座机|联系方式|传真", "phone tel telephone mobile cell fax")
MONEY = _expected(
    "金额|单价|价|费|货款|款$|成本|利润|销售额|总额|余额|税额|工资|额度",
    "price amount cost costs fee total subtotal salary revenue sales profit msrp balance limit payment freight tax",
    never="数量|件数|款式|付款方式|方式|日期|税率|qty|quantity|rate|count|units|weight",
)
RATIO = _expected(
    "率|比例|折扣|百分比|占比",
    "percent percentage rate discount ratio share margin pct",
    never="汇率|exchange",
)
DAY = _expected(
    "日期|时间|日$|年月日|到期|生日", "date day time on at when due deadline birthday created updated"
)
TRUTH = _expected(
    "是否|启用|有效|已|含税|停用",
    "is has active enabled flag paid shipped closed done valid taxable deleted returned",
)
NAME = _expected(
    "名称|姓名|名$|标题|品名|主题", "name title subject fullname", never="文件名|用户名|品牌|file|user ?name"
)
DOCUMENT = _expected("订单|单号|发票|合同|单据", "order invoice document contract bill receipt po so")
DETAIL = _expected("明细|行|细目|分录|清单", "line lines detail details item items entries positions")
PARENT = _expected(
    "上级|父|主管|经理|直属|所属", "parent manager boss supervisor superior reports lead head upper"
)
