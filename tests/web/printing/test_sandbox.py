"""A template of a document reaches what it is given and nothing else, and not without end."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from orderkit.engine.printing import Printable
from orderkit.engine.printing.documents import printable
from orderkit.model.errors import Refused
from orderkit.model.exchange.papers import OWN_PRINT_FILTERS, PRINT_FILTERS
from orderkit.web.printing import bounds
from orderkit.web.printing.bounds import Bounds
from orderkit.web.printing.drawing import parts_of
from orderkit.web.printing.filters import Filters
from tests.support.office import Office


@pytest.fixture
def drawn(office: Office, order: int):
    """Draws a template over the order, as somebody of the example."""

    def draw(source: str, login: str = "zhang", parts: Mapping[str, str] | None = None) -> str:
        with office.look(login) as unit:
            found = printable(unit, "order", "quotation", [order])
            given = Printable(
                document=replace(found.document, source=source, copies=1, parts=parts or {}),
                ids=found.ids,
                left_out=0,
            )
            return "".join(parts_of(unit, given))

    return draw


ATTACKS = {
    "the class of a value": "{{ ''.__class__ }}",
    "the class by its name in brackets": "{{ ''['__class__'] }}",
    "the class of a record": "{{ customer.__class__.__mro__ }}",
    "an attribute of ours": "{{ this._group.rows.unit }}",
    "a plain attribute of ours": "{{ lines.append }}",
    "the class by map": "{{ [number]|map(attribute='__class__')|list }}",
    "the class by a filter": "{{ number|attr('__class__') }}",
    "the globals of a function": "{{ today.__globals__ }}",
    "the code of a macro": "{% macro a() %}{% endmacro %}{{ a.name }}",
    "a cycler": "{{ cycler('a').next.__globals__ }}",
    "self": "{{ self.__init__ }}",
    "format": "{{ '{0.__class__}'.format(number) }}",
    "format_map": "{{ '{a.__class__}'.format_map({'a': number}) }}",
    "percent": "{{ '%s' % number }}",
    "a file by include": "{% include '/etc/passwd' %}",
    "a file by import": "{% import 'x.html' as x %}",
    "a file by extends": "{% extends '../../etc/passwd' %}",
    "escaping turned off": "{% autoescape false %}{{ number }}{% endautoescape %}",
    "safe": "{{ number|safe }}",
    "a long range": "{% for i in range(1000000000) %}{% endfor %}",
    "a long range as a list": "{{ range(100000000)|list|length }}",
    "loops in loops": "{% set r = range(1000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}",
    "a power": "{{ 9**9**9 }}",
    "a large product": "{% set n = namespace(x=9) %}{% for i in range(100) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "a text times a number": "{{ 'x' * 1000000000 }}",
    "a list times a number": "{{ ([1] * 1000000000)|length }}",
    "doubling by joining": "{% set n = namespace(x='xx') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "doubling by adding": "{% set n = namespace(x='xx') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "doubling by a list": "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "doubling by lists in lists": "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "doubling by maps in maps": "{% set n = namespace(x={}) %}{% for i in range(60) %}{% set n.x = {'a': n.x, 'b': n.x} %}{% endfor %}",
    "doubling by filling up": "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = n.x|batch(2, n.x) %}{% endfor %}",
    "a long list of long texts": "{% set t %}{% for i in range(9000) %}{{ '0123456789' }}{% endfor %}{% endset %}{% set n = namespace(x=[t]) %}{% for i in range(16) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x|join }}",
    "doubling by writing": "{% set n = namespace(x='xx') %}{% for i in range(60) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "doubling by replacing": "{% set n = namespace(x='xx') %}{% for i in range(60) %}{% set n.x = n.x|replace('x', 'xx') %}{% endfor %}",
    "doubling by join": "{% set n = namespace(x='xx') %}{% for i in range(60) %}{% set n.x = [n.x, n.x]|join %}{% endfor %}",
    "padding": "{{ 'x'|center(1000000000) }}",
    "padding by a method": "{{ 'x'.ljust(1000000000) }}",
    "filling up a batch": "{{ [1]|batch(1000000000, 0)|list }}",
    "macros without end": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "macros that branch": "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(60) }}",
    "much written": "{% for i in range(10000) %}{% for j in range(50) %}{{ customer.name * 1 }}{% endfor %}{% endfor %}",
    "much said by the template itself": "{% for i in range(10000) %}" + "x" * 5_000 + "{% endfor %}",
    "much said by a text of the template": "{% for i in range(10000) %}{{ '"
    + "x" * 5_000
    + "' }}{% endfor %}",
    "much said by a macro": "{% macro a() %}"
    + "x" * 5_000
    + "{% endmacro %}{% for i in range(10000) %}{% set b = a() %}{% endfor %}",
    "much said into a name": "{% for i in range(10000) %}{% set b %}"
    + "x" * 5_000
    + "{% endset %}{% endfor %}",
    "writing what is given": "{% set customer.name = 'x' %}",
    "changing a list": "{{ lines.clear() }}",
}


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets neither time nor the memory of the machine be what ends an attack."""
    monkeypatch.setattr(bounds, "MOST_SECONDS", 1e9)
    if sys.platform == "win32":
        yield
        return
    import resource

    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096 if sys.platform == "linux" else 0
    if used:
        resource.setrlimit(resource.RLIMIT_AS, (used + 300 * 1024**2, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_it_is_refused_with_its_line(drawn, little_memory, attack: str) -> None:
    with pytest.raises(Refused) as refused:
        drawn(f"\n{attack}")
    (problem,) = refused.value.problems
    assert problem.code == "print_failed"
    assert not isinstance(refused.value.__cause__, MemoryError), "it was held until memory ended"
    assert "templates/prints/quotation.html" in problem.message["en"]


PARTS = {
    "base.html": "<b>{{ project.currency }}</b>{% block body %}none{% endblock %}",
    "head.html": "[{{ customer }}|{{ line }}]",
    "wrong.html": "\n{{ total / 0 }}",
    **{f"{at}.html": f'{{% include "{at + 1}.html" %}}' * 2 for at in range(40)},
    "40.html": "",
    "round.html": '{% include "round.html" %}',
}
OUT = {"out.html": "{% include '/etc/passwd' %}"}


def test_parts_of_the_project_are_taken_in_with_what_the_record_and_the_loop_give(drawn) -> None:
    source = "{% set line = 7 %}{% include 'head.html' %}{% for line in range(2) %}{% include 'head.html' %}{% endfor %}"
    assert drawn(source, parts=PARTS) == "".join(f"[杭州恒力机电有限公司|{each}]" for each in (7, 0, 1))
    child = "{% extends 'base.html' %}{% block body %}{{ super() }}{{ total }}{% endblock %}"
    assert drawn(child, parts=PARTS) == "<b>CNY</b>none60,000.00"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{% include '/etc/passwd' %}", "Include"),
        ("{% include 'out.html' %}", "Include"),
        ("{% include number %}", "Include"),
        ("{% extends '../base.html' %}", "Extends"),
        ("{% import 'base.html' as base %}", "Import"),
        ("{% include '0.html' %}", "too many steps"),
        ("{% include 'round.html' %}", "without end"),
        ("{% include 'wrong.html' %}", r"divides by zero \(wrong.html:2\)"),
    ],
)
def test_what_is_taken_in_reaches_and_takes_no_more_than_the_template(
    drawn, little_memory, source: str, told: str
) -> None:
    with pytest.raises(Refused, match=told):
        drawn(source, parts=OUT if "out.html" in source else PARTS)


def test_time_ends_it_too() -> None:
    now = iter(range(0, 1000, 20))
    bounds = Bounds(lambda: float(next(now)))
    bounds.step()
    with pytest.raises(Exception, match="too long"):
        bounds.step()


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ total }}", "60,000.00"),
        ("{{ total|money }}", "¥60,000.00"),
        (
            "{{ total|money('USD') }}|{{ total|money('') }}|{{ total|money('', 4) }}",
            "$60,000.00|60,000.00|60,000.0000",
        ),
        ("{{ (0 - total)|money }}", "-¥60,000.00"),
        ("{{ total * 1.1 }}", "66000"),
        ("{{ 1 / 4 }}", "0.25"),
        ("{{ 0.1 + 0.2 }}", "0.3"),
        ("{{ 2.675|round(2) }}", "2.68"),
        ("{{ total|rmb_upper }}", "陆万元整"),
        ("{{ status }}|{{ status == 'inquiry' }}", "询价|✓"),
        ("{{ customer }}|{{ customer.name == customer }}", "杭州恒力机电有限公司|"),
        ("{{ lines|sum('qty') }}|{{ lines|length }}", "600|1"),
        ("{% for line in lines %}{{ loop.index }}{{ line.product.code }}{% endfor %}", "1DZ-JG01"),
        ("{{ process }}|{{ process.anything }}|{{ process|default('无') }}|{{ process is none }}", "||无|✓"),
        ("{{ plan_start|date }}|{{ plan_start + 1 }}|{{ plan_start|money }}", "||"),
        ("{% for each in process %}x{% else %}none{% endfor %}", "none"),
        ("{{ ordered_on|date('%Y/%m/%d') }}", "2026/03/02"),
        ("{{ label('lines.qty') }}|{{ label('customer') }}", "数量|客户"),
        ("{{ me.name }}|{{ project.currency }}|{{ document.copy }}", "张敏|CNY|1"),
        ("{{ '<b>' }}|{{ '<b>' ~ number|upper }}", "&lt;b&gt;|&lt;b&gt;SO20260302-0001"),
        (
            "{% set ns = namespace(n=0) %}{% for l in lines %}{% set ns.n = ns.n + l.qty %}{% endfor %}{{ ns.n }}",
            "600",
        ),
        ("{{ lines|map(attribute='product.code')|join('、') }}", "DZ-JG01"),
        ("{{ [3, 1, 2]|sort|batch(2)|list|length }}", "2"),
        ("{{ [1, 'a']|upper }}|{{ {'a': 1}.a }}|{{ namespace(a=1) }}", "1、A|1|"),
        ("{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}", "1234"),
        ("{{ status|upper }}|{{ total|string }}", "询价|60,000.00"),
        ("{{ plan_start|int }}|{{ plan_start|abs }}|{{ process|int(7) }}|{{ 2.5|int }}", "||7|2"),
        ("{{ [2, plan_start, 1]|sort|join(',') }}", "1,2,"),
        ("{{ [2, plan_start, 1]|sort(reverse=true)|join(',') }}", "2,1,"),
        ("{{ [2, plan_start, 1]|min }}|{{ [plan_start, 2, 1]|max }}|{{ [plan_start]|max }}", "1|2|"),
        (
            "{% for g in [{'a': 2}, {'a': plan_start}, {'a': 1}, {'a': 2}]|groupby('a') %}[{{ g.grouper }}:{{ g.list|length }}]{% endfor %}",
            "[1:1][2:2][:1]",
        ),
        (
            "{% for key, some in lines|groupby('product') %}{{ key.code }}:{{ some|sum('qty') }}{% endfor %}",
            "DZ-JG01:600",
        ),
    ],
)
def test_values_are_written_as_people_read_them_and_reckoned_with_exactly(
    drawn, source: str, written: str
) -> None:
    assert drawn(source) == written


def test_what_is_hidden_counts_as_nothing(drawn, office: Office) -> None:
    source = "{% for line in lines %}[{{ line.cost }}{{ line.cost * 2 }}{{ line.cost|money }}]{% endfor %}{{ lines|sum('cost') }}"
    assert drawn(source) == "[]0"
    assert drawn(source, "wang") != "[]0", "the director sees costs"


@pytest.mark.parametrize(
    "filter_", sorted({*PRINT_FILTERS, *OWN_PRINT_FILTERS} - {"groupby", "batch", "replace"})
)
def test_no_filter_fails_on_what_is_empty(drawn, filter_: str) -> None:
    assert drawn(f"{{{{ plan_start|{filter_} }}}}") in {"", "0", "[]", "1"}


@pytest.mark.parametrize("error", [AssertionError, AttributeError, LookupError, KeyError])
def test_whatever_fails_inside_of_a_template_is_told_with_its_line(
    drawn, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Filters, "round", fail)
    with pytest.raises(Refused, match=r"templates/prints/quotation.html:2"):
        drawn("\n{{ total|round }}")


def test_dividing_by_nothing_tells_where(drawn) -> None:
    with pytest.raises(Refused, match=r"divides by zero \(templates/prints/quotation.html:3\)"):
        drawn("\n\n{{ total / 0 }}")
