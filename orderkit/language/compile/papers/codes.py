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
    A template includes, imports or extends another file, names something private (`_x`), turns the escaping
    off, or loads something from elsewhere. Each template stands alone and is run in a sandbox, so that what it
    can do is seen in one place; what it writes runs and loads nothing.
    ~~~yaml bad
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    {% include "head.html" %}{{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    <header>五金</header>{{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="模板包含、导入或继承了别的文件，用了内部名称（`_x`），关掉了转义，或要从别处加载东西。每个模板自成一体，在沙箱里运行，它能做什么一处可见；它写出的单据不运行、也不加载任何东西。",
)
