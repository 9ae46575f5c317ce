"""Lints over titles: a title shows no field that somebody may not see, for whoever sees a reference reads it."""

from orderkit.language.compile.lints.dependencies import fields_read
from orderkit.language.compile.lints.linting import Linting
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.spec.kinds import role as words
from orderkit.language.spec.parts import field as field_words
from orderkit.model.forms import Form
from orderkit.model.labels import label

TITLE_SHOWS_HIDDEN = Code(
    "OK5003",
    "title-shows-hidden",
    ERROR,
    since="0.1",
    explain="""
    A role hides or masks a field that the form's title shows, or the field has a `mask` of its own; whoever
    sees a reference to the record reads its title.
    ~~~yaml bad
    role: sales
    forms: {customer: {read: true, hide: [name]}}
    # customer.yaml
    form: customer
    title: "{code} {name}"
    fields: {code: {type: text}, name: {type: text}}
    ~~~
    ~~~yaml good
    role: sales
    forms: {customer: {read: true, hide: [name]}}
    # customer.yaml
    form: customer
    title: "{code}"
    fields: {code: {type: text}, name: {type: text}}
    ~~~""",
    zh="角色隐藏或脱敏了表单标题里的字段，或字段自己写了 `mask`；凡能看到对该记录的引用的人，都会读到标题。",
)


def check_titles(linting: Linting) -> None:
    """Report fields of a title that are hidden or masked."""
    shown = {
        form.id: {name for owner, name in fields_read(form.title) if owner == form.id}
        for form in linting.lowering.forms.values()
        if form.parent is None
    }
    for form in linting.lowering.forms.values():
        for name in sorted(shown.get(form.id, ())):
            _check_own_mask(linting, form, name)
    for declared in linting.named.of("role").values():
        written = declared.written
        for key, grant in () if written is None else written[words.FORMS] or ():
            for node in (*(grant[words.HIDE] or ()), *(grant[words.MASK] or ())):
                if node.text in shown.get(key.text, ()):
                    linting.report(
                        TITLE_SHOWS_HIDDEN,
                        node,
                        label(
                            zh=f"表单 `{key.text}` 的标题会显示 `{node.text}`",
                            en=f"the title of the form `{key.text}` shows `{node.text}`",
                        ),
                        label(zh="从标题里去掉它", en="take it out of the title"),
                    )


def _check_own_mask(linting: Linting, form: Form, name: str) -> None:
    field = form.by_id.get(name)
    shape = linting.lowering.compilation.shapes[form.id].fields.get(name)
    if field is None or field.mask is None or shape is None or shape.written is None:
        return
    title = linting.usage.place_of(form.title)
    note = label(zh="标题在这里", en="the title stands here")
    linting.report(
        TITLE_SHOWS_HIDDEN,
        shape.written.key_of(field_words.MASK),
        label(
            zh=f"表单 `{form.id}` 的标题会显示脱敏字段 `{name}`",
            en=f"the title of the form `{form.id}` shows the masked field `{name}`",
        ),
        label(zh="从标题里去掉它", en="take it out of the title")
        if title is not None
        else label(zh="给表单写一个不含它的 `title:`", en="give the form a `title` without it"),
        notes=() if title is None else (Note(text=note, span=title.span),),
    )
