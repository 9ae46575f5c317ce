"""The words of `print` and `portal`."""

from orderkit.language.spec.readers import (
    EXPRESSION,
    LABEL,
    NAME,
    NAMES,
    RATE,
    TEMPLATE,
    TEXT,
    VALUE,
    MapOf,
    OneOf,
    Shaped,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.exchange.papers import LookupManner
from orderkit.model.labels import label

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 送货单, en: Delivery note}"
)
PRINT_FOR = Key("for", NAME, label(zh="表单", en="the form that is printed"), required=True, example="order")
TEMPLATE_ = Key(
    "template",
    TEXT,
    label(zh="Jinja2 模板文件（.html），相对于项目", en="the file of its Jinja2 template, `.html`"),
    required=True,
    example="templates/delivery_note.html",
)
PAPER = Key(
    "paper",
    Shaped(
        r"(A3|A4|A5|A6|B5|letter)(\s+(portrait|landscape))?|continuous(\s+1/[23])?"
        r"|[1-9]\d{1,3}(\.\d)?(mm)?\s*x\s*[1-9]\d{1,3}(\.\d)?mm",
        label(zh="纸张", en="a paper"),
        "A5 landscape",
    ),
    label(
        zh="纸张，或 `宽mm x 高mm`；`continuous` 为 241 × 280 mm 的连续纸，`continuous 1/2`、`continuous 1/3` 为二等分、三等分",
        en="the paper, or its width and height, as `100mm x 70mm`; `continuous` is paper with holes, 241 × 280 mm, `continuous 1/2` and `continuous 1/3` its parts",
    ),
    default="A4",
    example="A5 landscape",
)
COPIES = Key("copies", Whole(1, 20), label(zh="份数", en="how many copies"), default="1", example="3")
FILENAME = Key(
    "filename", TEMPLATE, label(zh="文件名", en="what the file is called"), example='"送货单 {id}"'
)
PRINT_WHERE = Key(
    "where", EXPRESSION, label(zh="哪些记录可打印", en="which records it is offered for"), example="total > 0"
)
PRINT_ROLES = Key(
    "roles",
    NAMES,
    label(
        zh="打印它的角色；不写则是可以打印此表单的所有角色",
        en="the roles that print it; else every role that may print the form",
    ),
    example="[warehouse]",
)
PER_SHEET = Key(
    "per_sheet",
    Shaped(
        r"[1-9]\d?\s*x\s*[1-9]\d?",
        label(zh="一张纸上的列数和行数", en="columns and rows of a sheet"),
        "3 x 8",
    ),
    label(
        zh="一张纸上几列几行，用于标签纸；每份占一格",
        en="how many columns and rows stand on a sheet, for sheets of labels; each copy takes one cell",
    ),
    default="1 x 1",
    example="3 x 8",
)
STAMP_IMAGE = Key(
    "image",
    TEXT,
    label(zh="图片文件（.png、.jpg），在 `assets/` 里", en="the picture, `.png` or `.jpg` in `assets/`"),
    required=True,
    example="assets/stamp.png",
)
STAMP_WIDTH = Key(
    "width",
    Shaped(r"[1-9]\d{0,2}(\.\d)?mm", label(zh="宽度", en="a width"), "42mm"),
    label(zh="打印出来的宽度", en="how wide it is on paper"),
    default="40mm",
    example="42mm",
)
STAMP_WHEN = Key(
    "when",
    EXPRESSION,
    label(zh="何时盖章；不写则总是盖", en="of which records; of all where it is left out"),
    example="status == 'confirmed'",
)
STAMP_WORDS = Words(
    name=label(zh="印章", en="stamp"), keys=(STAMP_IMAGE, STAMP_WIDTH, STAMP_WHEN), shorthand=STAMP_IMAGE
)
STAMP = Key(
    "stamp",
    Nested(STAMP_WORDS),
    label(
        zh="公司印章，由模板里的 `{{ document.stamp }}` 盖在签名处",
        en="the company's stamp; a template puts it where `{{ document.stamp }}` stands",
    ),
    example="assets/stamp.png",
)
FONT = Key(
    "font",
    TEXT,
    label(
        zh="字体文件（.ttf、.otf），在 `assets/` 里；不写则用服务器和浏览器的中文字体",
        en="a font, `.ttf` or `.otf` in `assets/`; else the Chinese font of the server and the browser",
    ),
    example="assets/songti.otf",
)
PRINT = Words(
    name=label(zh="打印", en="print"),
    about=label(zh="由记录排版成的单据", en="a document that is made from a record"),
    keys=(
        LABEL_,
        PRINT_FOR,
        TEMPLATE_,
        PAPER,
        PER_SHEET,
        COPIES,
        STAMP,
        FONT,
        FILENAME,
        PRINT_WHERE,
        PRINT_ROLES,
    ),
)

PUBLIC_FORM = Key("form", NAME, label(zh="表单", en="the form"), required=True, example="inquiry")
PUBLIC_FIELDS = Key(
    "fields", NAMES, label(zh="可填的字段", en="the fields that people fill"), example="[name, phone]"
)
PUBLIC_SET = Key(
    "set", MapOf(VALUE), label(zh="另外赋的值", en="what is set besides"), example="{source: 官网}"
)
PUBLIC = Words(
    name=label(zh="公开表单", en="public form"),
    keys=(PUBLIC_FORM, PUBLIC_FIELDS, PUBLIC_SET),
    shorthand=PUBLIC_FORM,
)

PORTAL_FOR = Key(
    "for", NAME, label(zh="表单", en="the form that is looked up"), required=True, example="order"
)
LOOKUP = Key(
    "lookup",
    MapOf(OneOf(tuple(LookupManner))),
    label(zh="凭什么查到（全部要对上）", en="what a visitor must know, all of it"),
    example="{number: exact, customer.phone: last4}",
)
SHOW = Key(
    "show",
    NAMES,
    label(zh="显示的字段；`timeline` 为办理过程", en="the fields that are shown; `timeline` is the history"),
    example="[number, status, timeline]",
)
ALLOW = Key(
    "allow",
    NAMES,
    label(zh="可按的按钮（流转）", en="transitions that a visitor may press"),
    example="[confirm_receipt]",
)
CREATE = Key(
    "create",
    Nested(PUBLIC),
    label(zh="谁都可填的表单", en="a form that anybody may fill"),
    example="{form: inquiry, fields: [name, phone]}",
)
LIMIT = Key(
    "limit",
    RATE,
    label(zh="每个访客的频率", en="how often one visitor may ask"),
    default="10/min",
    example="30/h",
)
PORTAL = Words(
    name=label(zh="门户", en="portal"),
    about=label(
        zh="不用登录的页面：查单、确认、填表", en="a page without an account: look up, confirm, fill in"
    ),
    keys=(LABEL_, PORTAL_FOR, LOOKUP, SHOW, ALLOW, CREATE, LIMIT),
    awaits_engine=True,
)
