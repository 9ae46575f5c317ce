"""What YAML allows and the language does not: keys twice, merge keys, tags, bombs of aliases, several objects in a file."""

from orderkit.language.findings import ERROR, Code, Finding, Note
from orderkit.language.source import traps
from orderkit.language.source.nodes import Node, ScalarNode
from orderkit.language.source.text import SourceText
from orderkit.model.labels import label

DUPLICATE_KEY = Code(
    "OK1012",
    "duplicate-key",
    ERROR,
    since="0.1",
    explain="""
    A key stands twice in one map. YAML readers would silently keep the last one.
    ~~~yaml bad
    form: customer
    label: Customer
    label: Client
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: Customer
    fields: {name: {type: text}}
    ~~~""",
    zh="同一个映射里一个键写了两次。一般的 YAML 程序会悄悄只留后一个。",
)
KEY_NOT_TEXT = Code(
    "OK1013",
    "key-not-text",
    ERROR,
    since="0.1",
    explain="""
    A key is empty, a list or a map. Keys are words.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text}}
    [a, b]: c
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="键是空的，或是列表、映射。键应是词。",
)
MERGE_KEY = Code(
    "OK1014",
    "merge-key",
    ERROR,
    since="0.1",
    explain="""
    `<<` is not part of YAML 1.2. Write the keys out.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text, <<: {required: true}}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text, required: true}}
    ~~~""",
    zh="`<<` 不属于 YAML 1.2。请把各个键写全。",
)
UNKNOWN_ALIAS = Code(
    "OK1015",
    "unknown-alias",
    ERROR,
    since="0.1",
    explain="""
    `*name` stands for a node marked `&name` before it; there is none of that name. Quote the value if it is text.
    ~~~yaml bad
    form: customer
    label: *customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: "*customer"
    fields: {name: {type: text}}
    ~~~""",
    zh="`*名称` 代表前面用 `&名称` 标记的内容，而前面没有这个标记。若是文字，请加引号。",
)
ALIAS_BOMB = Code(
    "OK1016",
    "alias-bomb",
    ERROR,
    since="0.1",
    explain="""
    The aliases of a file stand for more than 10,000 nodes together. Write the parts out.
    ~~~yaml bad
    integration: tell
    event: order.created
    call: finance.post
    key: "order:{id}"
    with:
      body:
        a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
    # finance.yaml
    connection: finance
    connector: http
    settings: {base_url: "https://example.com"}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: tell
    event: order.created
    call: finance.post
    key: "order:{id}"
    with:
      body:
        sender: &us {name: Hardware, city: Ningbo}
        payer: *us
    # finance.yaml
    connection: finance
    connector: http
    settings: {base_url: "https://example.com"}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="一个文件的别名展开后合计超过 10,000 个节点。请把内容写全。",
)
TOO_DEEP = Code(
    "OK1017",
    "too-deep",
    ERROR,
    since="0.1",
    explain="""
    Maps and lists are nested more than 40 deep. No word of the language needs that.
    ~~~yaml bad
    form: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="映射和列表嵌套超过 40 层。语言里没有任何地方需要这么深。",
)
TAG = Code(
    "OK1018",
    "tag",
    ERROR,
    since="0.1",
    explain="""
    A value carries a YAML tag such as `!!str`. The place of a value says how it is read; quote text instead.
    ~~~yaml bad
    form: customer
    label: !!str Customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: Customer
    fields: {name: {type: text}}
    ~~~""",
    zh="值带有 `!!str` 这样的 YAML 标签。值怎样读由位置决定；文字加引号即可。",
)
SEVERAL_DOCUMENTS = Code(
    "OK1019",
    "several-documents",
    ERROR,
    since="0.1",
    explain="""
    A file holds several objects, divided by `---`. One object, one file: that keeps the history of each readable.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text}}
    ---
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    # customer.yaml
    form: customer
    fields: {name: {type: text}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~""",
    zh="一个文件里用 `---` 分出了几个对象。一个对象一个文件，各自的历史才看得清。",
)


def duplicate_key(key: ScalarNode, first: ScalarNode) -> Finding:
    """Return the finding for a key that stands twice."""
    return Finding(
        code=DUPLICATE_KEY,
        span=key.span,
        headline=label(zh=f"键 `{key.text}` 重复", en=f"the key `{key.text}` stands twice"),
        help=label(zh="删掉其中一个", en="delete one of them"),
        notes=(Note(text=label(zh="第一次出现在这里", en="it stands here first"), span=first.span),),
    )


def key_not_text(source: SourceText, key: Node) -> Finding:
    """Return the finding for a key that is not a word."""
    return Finding(
        code=KEY_NOT_TEXT,
        span=source.span(key.start, key.end),
        headline=label(zh="键必须是文字", en="a key must be text"),
        help=label(zh="写成 `键: 值`", en="write `key: value`"),
    )


def merge_key(key: ScalarNode) -> Finding:
    """Return the finding for `<<`."""
    return Finding(
        code=MERGE_KEY,
        span=key.span,
        headline=label(zh="不支持合并键 `<<`", en="the merge key `<<` is not supported"),
        help=label(zh="把各个键直接写出来", en="write the keys out"),
    )


def unknown_alias(source: SourceText, start: int, end: int, name: str, *, is_open: bool) -> Finding:
    """Return the finding for an alias that stands for nothing, or for what it is part of."""
    meant = traps.quoted(source.text[start:end])
    return Finding(
        code=UNKNOWN_ALIAS,
        span=source.span(start, end),
        headline=label(zh=f"别名 `*{name}` 引用了自身", en=f"the alias `*{name}` stands within itself")
        if is_open
        else label(zh=f"没有名为 `&{name}` 的锚点", en=f"nothing is marked `&{name}`"),
        help=label(zh=f"是文字就加引号：`{meant}`", en=f"quote it if it is text: `{meant}`"),
    )


def alias_bomb(source: SourceText, start: int, end: int) -> Finding:
    """Return the finding for an alias that makes the file too large."""
    return Finding(
        code=ALIAS_BOMB,
        span=source.span(start, end),
        headline=label(zh="别名展开后超过 10,000 个节点", en="the aliases stand for more than 10,000 nodes"),
        help=label(zh="把内容直接写出来", en="write the parts out"),
    )


def too_deep(source: SourceText, offset: int) -> Finding:
    """Return the finding for a file that is nested too deep."""
    return Finding(
        code=TOO_DEEP,
        span=source.span(offset, offset + 1),
        headline=label(zh="嵌套超过 40 层", en="this is nested more than 40 deep"),
    )


def tag(source: SourceText, start: int, name: str) -> Finding:
    """Return the finding for an explicit tag."""
    return Finding(
        code=TAG,
        span=source.span(start, start + 1),
        headline=label(zh=f"不支持 YAML 标签 `{name}`", en=f"the YAML tag `{name}` is not supported"),
        help=label(zh="删掉标签；要当作文字就加引号", en="delete the tag; quote the value if it is text"),
    )


def several_documents(second: Node) -> Finding:
    """Return the finding for a file with `---` in it."""
    return Finding(
        code=SEVERAL_DOCUMENTS,
        span=second.source.span(second.start, second.start + 1),
        headline=label(zh="一个文件里有多个对象", en="the file holds several objects"),
        help=label(zh="每个对象放到自己的文件里", en="put each object into a file of its own"),
    )
