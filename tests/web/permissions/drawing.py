"""Small projects drawn at random: forms that refer to each other, and roles with every kind of rule."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made_by
from random import Random

from orderkit.model.project import Project
from tests.support.projects import compiled
from tests.web.permissions.words import Words, field, label, move, print_

_ROOT = {
    "project": "drawn",
    "label": {"zh": "抽样", "en": "Drawn"},
    "version": "1.0.0",
    "locale": "zh-CN",
    "locales": ["zh-CN", "en"],
    "timezone": "Asia/Shanghai",
    "currency": "CNY",
}
KINDS = ("red", "green", "blue")
ROLES = ("r1", "r2", "r3", "r4")
FORMS = ("place", "deal", "bill")
_PLAIN = ("text", "text", "longtext", "money", "decimal", "integer", "date", "file")


@dataclass
class Drawing:
    """Draws one project."""

    random: Random
    forms: dict[str, Words] = made_by(default_factory=dict)

    def project(self) -> Project:
        """Return a project of three forms, four roles, and a report, print, dashboard and page over them."""
        for number, name in enumerate(FORMS):
            self.forms[name] = self._form(number, name)
        documents = [_ROOT, *self.forms.values(), *map(self._role, ROLES)]
        if self.random.random() < 0.5:
            documents.append(self._role("everyone"))
        documents += [self._workflow()] if self._has_workflow else []
        documents += [*self._reports(), self._dashboard(), self._page(), *map(print_, self.forms)]
        documents += [each for name in self.forms for each in self._imports(name)]
        files = {f"d{number}.yaml": json.dumps(each).encode() for number, each in enumerate(documents)}
        for name in self.forms:
            files[f"templates/prints/{name}.html"] = self._sheet(name).encode()
        files["templates/pages/wall.html"] = self._sheet_of_page().encode()
        return compiled(files)

    @property
    def _has_workflow(self) -> bool:
        return "deal" in self.forms and self.forms["deal"].get("number") is not None

    def _form(self, number: int, name: str) -> Words:
        fields: Words = {"name": field("text", name, required=True)}
        for count in range(self.random.randint(2, 4)):
            kind = self.random.choice(_PLAIN)
            fields[f"f{count}"] = self._plain(kind, f"{name}{count}")
        fields["kind"] = field("choice", "kind", options={each: label(each) for each in KINDS})
        fields["flag"] = field("boolean", "flag")
        fields["seller"] = field("user", "seller")
        fields["team"] = field("department", "team")
        if number:
            fields["up"] = field("ref", "up", to=FORMS[number - 1], reverse=f"{name}s")
        if number and self.random.random() < 0.5:
            taken = self.random.choice(list(self._fields(FORMS[number - 1], "text", "money")))
            kind = self.forms[FORMS[number - 1]]["fields"][taken]["type"]
            fields["taken"] = field(kind, "taken", compute=f"up.{taken}")
        if number == 1 or self.random.random() < 0.3:
            fields["lines"] = {
                "type": "lines",
                "label": label("lines"),
                "fields": {
                    "what": field("text", "what", required=True),
                    "price": field("money", "price"),
                    "cost": field("money", "cost"),
                },
            }
            fields["total"] = field("money", "total", compute="sum(lines.price)")
        form: Words = {"form": name, "label": label(name), "title": "{name}", "fields": fields}
        if number == 1 and self.random.random() < 0.6:
            form["number"] = f"zq{number}{{seq:4}}x"
            form["title"] = "{number} {name}"
        elif number and self.random.random() < 0.3:
            form["title"] = "{name} {up}"
        shown = [each for each in fields if each != "lines"]
        self.random.shuffle(shown)
        form["list"] = {
            "columns": ["name", *[each for each in shown if each != "name"][:5]],
            "boards": ["kind"],
        }
        days = [each for each in fields if fields[each]["type"] == "date"]
        if days:
            form["list"]["calendar"] = days[0]
        return form

    def _plain(self, kind: str, name: str) -> Words:
        more: Words = {}
        if kind == "text" and self.random.random() < 0.3:
            more["mask"] = self.random.choice(["middle", "all", "name"])
        if kind == "file":
            more |= {"accept": ["pdf"], "max_size": "10KB"}
        return field(kind, name, **more)

    def _fields(self, form: str, *types: str) -> Iterator[str]:
        for name, words in self.forms[form]["fields"].items():
            if words["type"] in types:
                yield name

    def _rule(self, form: str, depth: int = 0) -> bool | str:
        """Draw a condition: of the record, of who looks, of what it refers to, and several of them joined."""
        draw, here = self.random, form
        simple = [
            lambda: "seller == me",
            lambda: "owner == me" if form == "deal" and self._has_workflow else "created_by == me",
            lambda: "seller.department == me.department",
            lambda: "team == me.department",
            lambda: f"kind == '{draw.choice(KINDS)}'",
            lambda: f"kind in ['{KINDS[0]}', '{draw.choice(KINDS[1:])}']",
            lambda: "flag",
            lambda: "not flag",
            lambda: "seller != me",
            lambda: "kind == null or seller == me",
        ]
        if here != "place":
            simple += [
                lambda: "up.seller == me",
                lambda: f"up.kind == '{draw.choice(KINDS)}'",
                lambda: "up == null or up.flag",
                lambda: "up.seller.department == me.department",
            ]
        if here == "bill":
            simple += [lambda: "up.up.flag", lambda: "up.up.team == me.department"]
        if here != "bill":
            below = FORMS[FORMS.index(here) + 1]
            simple += [lambda: f"count({below}s) > 0", lambda: f"count({below}s, where={below}s.flag) == 0"]
        if "lines" in self.forms[here]["fields"]:
            simple += [lambda: "count(lines) > 1", lambda: "coalesce(total, 0) > 500000"]
        made = draw.choice(simple)()
        if depth < 2 and draw.random() < 0.4:
            other = self._rule(form, depth + 1)
            made = f"({made}) {draw.choice(['and', 'or'])} ({other})" if isinstance(other, str) else made
        return f"not ({made})" if draw.random() < 0.15 else made

    def _grant(self, form: str) -> Words:
        draw = self.random
        named = {"name", "number"} if "up" not in self.forms[form]["title"] else {"name", "up", "number"}
        fields = self.forms[form]["fields"]
        paths = [each for each in fields if each not in named]
        if "lines" in fields:
            paths += [f"lines.{each}" for each in ("price", "cost", "what")]
        draw.shuffle(paths)
        hide, mask, rest = paths[: draw.randint(0, 4)], [], paths[4:]
        if draw.random() < 0.5:
            mask = [each for each in rest[:2] if each != "lines"]
        rest = [each for each in rest[2:] if each != "lines"]
        grant: Words = {
            "read": True if draw.random() < 0.25 else self._rule(form),
            "update": draw.choice([True, False, self._rule(form), self._rule(form)]),
            "delete": draw.choice([False, self._rule(form)]),
            "create": draw.random() < 0.5,
            "export": draw.random() < 0.6,
            "print": draw.random() < 0.6,
            "import": draw.random() < 0.5,
        }
        grant |= {"hide": hide} if hide else {}
        grant |= {"mask": mask} if mask else {}
        if draw.random() < 0.4 and rest:
            word = draw.choice(["readonly", "write"])
            grant[word] = [
                each
                for each in rest[:2]
                if each not in {"total", "taken"} and "mask" not in fields.get(each, {})
            ]
            grant = {name: value for name, value in grant.items() if value != []}
        own = [each for each in fields if "mask" in fields[each] and each not in [*hide, *mask]]
        if own and draw.random() < 0.5:
            grant["unmask"] = own
        return grant

    def _role(self, name: str) -> Words:
        chosen = [each for each in self.forms if self.random.random() < (0.8 if name != "everyone" else 0.3)]
        return {
            "role": name,
            "label": label(name),
            "forms": {each: self._grant(each) for each in chosen or ["place"]},
            "reports": [f"{each}s" for each in self.forms if self.random.random() < 0.7],
            "dashboards": ["overview"] if self.random.random() < 0.7 else [],
            "analytics": ["deal_life"] if self._has_workflow and self.random.random() < 0.5 else [],
        }

    def _workflow(self) -> Words:
        opened = [each for each in self._fields("deal", "text", "money") if each not in {"taken", "total"}]
        return {
            "workflow": "deal_life",
            "label": label("life"),
            "for": "deal",
            "state": "status",
            "initial": "draft",
            "states": {
                "draft": {"label": label("draft")},
                "open": {"label": label("open"), "edit": opened[:1]},
                "held": {"label": label("held"), "edit": {"role(r1)": opened[-1:]}},
                "over": {"label": label("over"), "final": "completed"},
            },
            "transitions": {
                "begin": move("draft", "open", "role(r1)"),
                "hold": move("open", "held", ["role(r2)", "role(r3)"]),
                "end": move("held", "over", "role(r4)"),
            },
        }

    def _imports(self, form: str) -> Iterator[Words]:
        """Yield a mapping for each plain field, which finds records by their name."""
        for each in self._fields(form, "text", "longtext", "money", "decimal", "integer", "date"):
            if each not in {"name", "taken", "total"}:
                yield {
                    "import": f"{form}_{each}",
                    "for": form,
                    "label": label(each),
                    "match": ["name"],
                    "columns": {"name": "名字", each: "新值"},
                }

    def _reports(self) -> Iterator[Words]:
        for name in self.forms:
            numbers = [*self._fields(name, "money", "decimal", "integer")]
            measures: Words = {"count": {"agg": "count", "label": label("count")}}
            for each in numbers:
                measures[f"sum_{each}"] = {"agg": "sum", "expr": each, "label": label(each)}
                measures[f"max_{each}"] = {"agg": "max", "expr": each, "label": label(each)}
            texts = [*self._fields(name, "text", "choice")]
            dimensions = {each: {"expr": each, "label": label(each)} for each in texts}
            if "up" in self.forms[name]["fields"]:
                dimensions["above"] = {"expr": "up", "label": label("above")}
                above = self.forms[name]["fields"]["up"]["to"]
                for each in self._fields(above, "text"):
                    dimensions[f"above_{each}"] = {"expr": f"up.{each}", "label": label(each)}
                for each in self._fields(above, "money"):
                    measures[f"above_{each}"] = {"agg": "max", "expr": f"up.{each}", "label": label(each)}
            yield {
                "report": f"{name}s",
                "label": label(name),
                "from": name,
                "dimensions": dimensions,
                "measures": measures,
            }

    def _dashboard(self) -> Words:
        tiles: list[Words] = [{"list": each, "label": label(each)} for each in self.forms]
        tiles += [{"kpi": f"{each}s.count", "label": label(each)} for each in self.forms]
        tiles += [
            {"pivot": f"{form}s.max_{each}", "rows": "name", "columns": "kind", "label": label(each)}
            for form in self.forms
            for each in self._fields(form, "money")
        ]
        return {"dashboard": "overview", "label": label("overview"), "tiles": tiles}

    def _page(self) -> Words:
        data: Words = {}
        for name in self.forms:
            data[f"some_{name}"] = {"form": name, "fields": self._shown(name), "limit": 100}
        return {"page": "wall", "label": label("wall"), "roles": list(ROLES), "data": data}

    def _shown(self, form: str) -> list[str]:
        return [name for name, words in self.forms[form]["fields"].items() if words["type"] != "lines"]

    def _sheet_of_page(self) -> str:
        rows = [
            f"{{% for one in page.some_{form} %}}<p>{''.join(f'{{{{ one.fields.{name} }}}} ' for name in self._shown(form))}</p>{{% endfor %}}"
            for form in self.forms
        ]
        return f'{{% extends "layouts/shell.html" %}}{{% block content %}}{"".join(rows)}{{% endblock %}}\n'

    def _sheet(self, name: str) -> str:
        fields = self.forms[name]["fields"]
        shown = "".join(f"<p>{{{{ {each} }}}}</p>" for each in fields if fields[each]["type"] != "lines")
        if "up" in fields:
            above = self.forms[fields["up"]["to"]]["fields"]
            shown += "".join(
                f"<p>{{{{ up.{each} }}}}</p>" for each in above if above[each]["type"] != "lines"
            )
        if "lines" in fields:
            shown += "{% for row in lines %}<p>{{ row.what }} {{ row.price }} {{ row.cost }}</p>{% endfor %}"
        return f"{shown}\n"
