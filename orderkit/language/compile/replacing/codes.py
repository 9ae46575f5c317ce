"""What can be wrong with a template that replaces one of orderkit's own."""

from orderkit.model.codes import ERROR, WARNING, Code

_GOOD = """
    ~~~yaml good
    # templates/components/sheet.html
    {% macro sheet_head(title) %}
    <h2 id="sheet-title">{{ title }}</h2><button type="button" data-closes>{{ t('shell.close') }}</button>
    {% endmacro %}
    ~~~"""

NO_ORIGINAL = Code(
    "OK8640",
    "no-such-page-template",
    ERROR,
    since="0.1",
    explain=f"""
    A file in `templates/pages/`, `templates/components/` or `templates/layouts/` replaces the template of the same name
    in orderkit, and there is none of this name.
    ~~~yaml bad
    # templates/components/shet.html
    <p></p>
    ~~~{_GOOD}""",
    zh="`templates/pages/`、`templates/components/` 或 `templates/layouts/` 里的文件会替换 orderkit 的同名模板，但没有这个名称的模板。",
)
SYNTAX = Code(
    "OK8641",
    "page-template-syntax",
    ERROR,
    since="0.1",
    explain=f"""
    A template of a page is not written as Jinja2 wants it: a tag that is not closed, a block without its end.
    ~~~yaml bad
    # templates/components/sheet.html
    {{% macro sheet_head(title) %}}<h2 id="sheet-title" data-closes>{{{{ title }}}}</h2>
    ~~~{_GOOD}""",
    zh="页面模板不合 Jinja2 的写法：标签没有闭合，块没有结尾。",
)
UNKNOWN = Code(
    "OK8642",
    "page-template-name",
    ERROR,
    since="0.1",
    explain=f"""
    A template names something that it is not given: a field that its page's model does not have, a variable, a
    macro, a filter or a test that does not exist. Each template gets exactly what the one that it replaces gets.
    ~~~yaml bad
    # templates/components/sheet.html
    {{% macro sheet_head(title) %}}<h2 id="sheet-title" data-closes>{{{{ titel }}}}</h2>{{% endmacro %}}
    ~~~{_GOOD}""",
    zh="模板用了它得不到的东西：页面模型没有的字段，不存在的变量、宏、过滤器或测试。替换的模板得到的与原模板完全相同。",
)
UNSAFE = Code(
    "OK8643",
    "page-template-unsafe",
    ERROR,
    since="0.1",
    explain=f"""
    A template holds what browsers refuse under the app's Content-Security-Policy (an inline script, a style, a
    handler such as `onclick`), turns the escaping of values off (`|safe`), reaches for something private (`_x`), takes
    in a file that it does not name in quotes, or sends a form without its `csrf_token`.
    ~~~yaml bad
    # templates/components/sheet.html
    {{% macro sheet_head(title) %}}<h2 id="sheet-title" data-closes onclick="go()">{{{{ title }}}}</h2>{{% endmacro %}}
    ~~~{_GOOD}""",
    zh="模板里有浏览器按内容安全策略会拒绝的内容（内嵌脚本、样式、`onclick` 之类的处理器），关掉了转义（`|safe`），用了内部名称（`_x`），引入的文件没有用引号写明，或提交的表单没有 `csrf_token`。",
)
PART_MISSING = Code(
    "OK8644",
    "page-template-part-missing",
    ERROR,
    since="0.1",
    explain=f"""
    Other templates take a macro or a block from the one that is replaced, and this one does not have it, or its macro
    has other parameters; or a page does not stand in its layout any more. A layout needs every block of the original:
    what a page writes into a block that is not there is shown nowhere.
    ~~~yaml bad
    # templates/components/sheet.html
    {{% macro head(title) %}}<h2 id="sheet-title" data-closes>{{{{ title }}}}</h2>{{% endmacro %}}
    ~~~{_GOOD}""",
    zh="别的模板要用原模板里的宏或块，而替换的模板没有，或宏的参数不同；或页面不再放在原来的布局里。布局要有原布局的每个块：页面写进缺失的块的内容不会显示。",
)
HOOK_MISSING = Code(
    "OK8645",
    "page-template-hook-missing",
    WARNING,
    since="0.1",
    explain=f"""
    The original has an `id`, a `data-` attribute, a field, the address of a form or a built file (`asset("app.js")`)
    that this template lacks. What the browser finds by it (dialogs, drafts, pickers, live parts), or what a form sends,
    then does not work on this page.
    ~~~yaml bad
    # templates/components/sheet.html
    {{% macro sheet_head(title) %}}<h2 id="sheet-title">{{{{ title }}}}</h2>{{% endmacro %}}
    ~~~{_GOOD}""",
    zh="原模板里的某个 `id`、`data-` 属性、字段、表单地址或构建的文件（`asset('app.js')`）在这里没有。浏览器靠它工作的功能（对话框、草稿、选择器、实时部分）或表单要提交的内容，在这个页面上就失效了。",
)
OUTDATED = Code(
    "OK8646",
    "page-template-outdated",
    WARNING,
    since="0.1",
    explain=f"""
    The original has changed since this template was copied from it, as its first line says. Look what is new in it
    with `orderkit eject NAME --output -`, take over what you want, and write the version of today in the first line.
    ~~~yaml bad
    # templates/components/sheet.html
    {{# orderkit: copied from components/sheet.html 000000000000 #}}
    {{% macro sheet_head(title) %}}<h2 id="sheet-title" data-closes>{{{{ title }}}}</h2>{{% endmacro %}}
    ~~~{_GOOD}""",
    zh="按第一行所记，复制之后原模板又变了。请用 `orderkit eject 名称 --output -` 看看新的原模板，需要的改动合并过来，再把第一行改成今天的版本。",
)

_OWN = """
    ~~~yaml good
    page: deliveries
    data: {due: {form: order, fields: [name]}}
    # templates/pages/deliveries.html
    <ul>{% for order in page.due %}<li>{{ order.fields.name }}</li>{% endfor %}</ul>
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~"""

NO_PAGE_TEMPLATE = Code(
    "OK8647",
    "page-without-template",
    ERROR,
    since="0.1",
    explain=f"""
    A page of the project is drawn by `templates/pages/<id>.html`, and the project has no such file.
    ~~~yaml bad
    page: deliveries
    data: {{due: {{form: order, fields: [name]}}}}
    # order.yaml
    form: order
    fields: {{name: {{type: text}}}}
    ~~~{_OWN}""",
    zh="项目的页面由 `templates/pages/<标识>.html` 显示，而项目里没有这个文件。",
)
PAGE_NAME_TAKEN = Code(
    "OK8648",
    "page-name-taken",
    ERROR,
    since="0.1",
    explain=f"""
    A page has the id of a page of orderkit: its template would stand where the one that replaces that page stands.
    ~~~yaml bad
    page: home
    # templates/pages/home.html
    {{% extends "layouts/shell.html" %}}
    ~~~{_OWN}""",
    zh="页面的标识与 orderkit 自己的页面相同：两者的模板会是同一个文件。",
)
WRONG_PAGE_DATA = Code(
    "OK8649",
    "wrong-page-data",
    ERROR,
    since="0.1",
    explain=f"""
    An entry under `data` is either the records of a `form`, which may have `where`, `by`, `sort` and `limit`, or one
    `record` whose id the address says. None is called `title`, and lines are read with what they belong to.
    ~~~yaml bad
    page: deliveries
    data: {{due: {{form: order, record: order, fields: [name]}}}}
    # templates/pages/deliveries.html
    <ul>{{% for order in page.due %}}<li>{{{{ order.fields.name }}}}</li>{{% endfor %}}</ul>
    # order.yaml
    form: order
    fields: {{name: {{type: text}}}}
    ~~~{_OWN}""",
    zh="`data` 的每一项要么是某个 `form` 的多条记录，可有 `where`、`by`、`sort`、`limit`；要么是一条 `record`，编号写在地址里。名称不能是 `title`，明细随它所属的单据读取。",
)
