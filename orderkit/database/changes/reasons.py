"""Why changes are judged as they are, in a sentence for people. `docs/reference/migrations.md` lists them."""

from orderkit.model.labels import label

NEW_TABLE = label(zh="新表，没有数据，没有人等它", en="a new table has no rows, and nobody waits for it")
RESTORED = label(zh="从影子表取回当时的数据", en="what its shadow table kept comes back")
DROPPED = label(zh="连同数据一起删除", en="it goes with its data")
RETIRED = label(zh="数据移入影子表，到期后删除", en="the data moves to a shadow table, which expires")
RETIRED_OPTION = label(
    zh="用着它的记录该字段变空，原值在影子表里保留到期",
    en="the field of records that have it is emptied; a shadow table keeps what they had until it expires",
)
RENAMED = label(
    zh="数据保留；旧程序和按名字调用的外部系统不认识新名字",
    en="data is kept; the older program, and whoever calls the API by name, does not know the new name",
)
BECAME_LINES = label(
    zh="记录变成明细，各归其主；不属于任何一条的无处可去",
    en="records become lines of what they refer to; one that refers to nothing has no place",
)
CEASED_TO_BE_LINES = label(
    zh="明细变成独立的记录，原来的主记录成为引用",
    en="lines become records of their own, which refer to what they belonged to",
)
NEW_OPTIONAL = label(
    zh="新增可空的列，不改写数据", en="a new column that may be empty; rows are not rewritten"
)
NEW_BOOLEAN = label(
    zh="新增是否列，数据库自带默认值“否”", en="a new truth value, for which the database has a default"
)
NEW_COMPUTED = label(
    zh="分批算出每条记录的值；旧程序不会维护它",
    en="computed for every row, in batches; the older program would not keep it true",
)
FILLED = label(zh="分批填入已有记录", en="rows that exist are filled, in batches")
CONVERTED = label(
    zh="每个值都由 `convert:` 换成新的；换过的值无法自动换回",
    en="every value is made anew by `convert:`, which nothing can turn back by itself",
)
LOOSER = label(zh="规则放宽，任何数据都符合", en="a looser rule, which all data fulfils")
SLOWER = label(zh="少一个索引：查询可能变慢，结果不变", en="one index less: slower, with the same answers")
REQUIRED_FILLED = label(
    zh="先填好空着的记录，再设为必填；旧程序可能仍写空值",
    en="empty rows are filled, then it is required; the older program may still write nothing",
)
REQUIRED = label(
    zh="设为必填；有空值的记录会使迁移被拒绝", en="required from now on; rows that are empty refuse it"
)
MORE_PLACES = label(
    zh="小数位变多，值不变；整数部分太长的不合适",
    en="more decimal places, the same values; a number may become too long",
)
RETYPED = label(
    zh="逐个转换，不符合的列出并拒绝；旧程序读不懂新类型",
    en="each value is converted, and those that do not fit refuse it; the older program cannot read the new type",
)
RETYPED_COMPUTED = label(
    zh="由公式得出的值：不必转换，按公式重算；旧程序读不懂新类型",
    en="values of a formula, which gives them anew, so none has to fit; the older program cannot read the new type",
)
NEW_OPTIONS = label(
    zh="多了可选的值；数据库不变，旧程序照原样显示它们",
    en="more to choose from; the database is as it was, and the older program shows them as they are",
)
REMOVED_OPTIONS = label(
    zh="选项收回；已有记录不能用着它们", en="options are taken back, which no record may have"
)
REORDERED = label(zh="只是显示的顺序不同", en="only the order in which people see them")
RENAMED_OPTIONS = label(
    zh="分批把旧选项换成新名字；旧程序不认识新名字",
    en="rows get the new names, in batches; the older program does not know them",
)
SPLIT = label(
    zh="一个选项分成几个，由 `backfill:` 逐条区分", en="one option becomes several, told apart by `backfill:`"
)
MERGED = label(
    zh="几个选项并成一个，原来的区分不再保留", en="several options become one; which it was is not kept"
)
MOVED_DOWN = label(
    zh="每条下级记录得到上级的值；没有下级记录的，值只进影子表；原列移入影子表",
    en="each record below gets a copy of the value above; where nothing below refers to a record, its value "
    "goes to the shadow table only, as the old column does",
)
MOVED_UP = label(
    zh="同属一条的记录须有同一个值，才能移上去；引用为空的记录，值只进影子表；原列移入影子表",
    en="records that share one must agree in the value, so that it can move up; where the reference is empty, the "
    "value goes to the shadow table only, as the old column does",
)
RETARGETED = label(
    zh="引用改指另一个表单，按相同的唯一字段找到对应的记录",
    en="references lead to another form, to the record that has the same key",
)
RECOMPUTED = label(
    zh="公式变了，或它所依据的值变了：分批重算每条记录",
    en="the formula, or what it reads, is another one: every row is computed anew, in batches",
)
FASTER = label(
    zh="新索引，在 PostgreSQL 上不阻塞写入", en="a new index, made on PostgreSQL while others go on writing"
)
UNIQUE = label(
    zh="从此不允许重复；若已有重复，迁移会拒绝并列出",
    en="no two alike from now on; duplicates that exist refuse it, and are listed",
)
STILL_UNIQUE = label(zh="原本就不重复", en="it was unique before")
UNIQUE_AND_EMPTY = label(
    zh="新列还空着，空值不算重复", en="the new column is empty, and empty values never collide"
)
NEW_REFERENCE = label(zh="新列还空着，或刚按引用填好", en="the new column is empty yet")
SAME_REFERENCE = label(zh="仍指向同一个表单", en="it leads to the same form as before")
REFERRING = label(zh="每个值都必须指向存在的记录", en="every value must be that of a record that exists")
BALANCES_ANEW = label(
    zh="余额由分录重新汇总，界限随之更新；已经越界的，以现值为底线，只升不降",
    en="the balances are added up anew from the entries, with their bounds; a row that is beyond one keeps what it "
    "has as its floor, which can only rise",
)
BALANCES_GONE = label(
    zh="余额可随时由分录重新汇总", en="balances can be added up from the entries at any time"
)
