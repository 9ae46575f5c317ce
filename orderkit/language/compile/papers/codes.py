"""What can be wrong with the template of a print."""

from orderkit.model.codes import ERROR, Code

TEMPLATE_SYNTAX = Code(
    "OK8601",
    "print-template-syntax",
    ERROR,
    since="0.1",
    explain="""
    A template is not written as Jinja2 wants it: a tag that is not closed, a block without its end.
    ~~~yaml bad
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    {% for line in lines %}{{ line.qty }}
    # order.yaml
    form: order
    fields: {lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    {% for line in lines %}{{ line.qty }}{% endfor %}
    # order.yaml
    form: order
    fields: {lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="模板不合 Jinja2 的写法：标签没有闭合，块没有结尾。",
)
TEMPLATE_NAME = Code(
    "OK8602",
    "print-template-name",
    ERROR,
    since="0.1",
    explain="""
    A template names something that the form does not have, or uses a filter or test that does not exist.
    ~~~yaml bad
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    <h1>{{ nmae }}</h1>
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    <h1>{{ name }}</h1>
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="模板里的名称表单没有，或用了不存在的过滤器、测试。",
)
TEMPLATE_REACHES_OUT = Code(
    "OK8603",
    "print-template-reaches-out",
    ERROR,
    since="0.1",
    explain="""
    A template imports another file, names something private (`_x`), turns the escaping off, or loads something
    from elsewhere. A template is run in a sandbox, and what it writes runs and loads nothing. Files of the
    project are taken in by `include` and `extends`.
    ~~~yaml bad
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    <link rel="stylesheet" href="https://example.org/note.css">{{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    <style>h1 { color: #1f3a5f }</style>{{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="模板导入了别的文件，用了内部名称（`_x`），关掉了转义，或要从别处加载东西。模板在沙箱里运行，它写出的单据不运行、也不加载任何东西。项目里的文件用 `include`、`extends` 引入。",
)
TEMPLATE_PART = Code(
    "OK8606",
    "print-template-part",
    ERROR,
    since="0.1",
    explain="""
    A template includes or extends a file that the project does not have, names it by something that is known
    at printing only, or takes itself in. Parts are `.html` files of the project; the path begins at its root.
    ~~~yaml bad
    print: note
    for: order
    template: templates/prints/note.html
    # templates/prints/note.html
    {% include "templates/prints/haed.html" %}{{ name }}
    # templates/prints/head.html
    <header>{{ project.label }}</header>
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: templates/prints/note.html
    # templates/prints/note.html
    {% include "templates/prints/head.html" %}{{ name }}
    # templates/prints/head.html
    <header>{{ project.label }}</header>
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="模板用 `include` 或 `extends` 引入的文件项目里没有，或文件名要到打印时才知道，或文件引入了它自己。被引入的是项目中的 `.html` 文件，路径从项目根开始。",
)
