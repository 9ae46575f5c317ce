"""The evaluator of the browser, in a Node process that answers line by line for as long as the tests run."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderkit.model.expressions.browser import OnPage, browser_calendar, browser_tree, browser_value
from orderkit.model.expressions.evaluation import Environment
from orderkit.model.expressions.nodes import Expression
from orderkit.model.values.json_texts import read_json

FRONTEND = Path(__file__).parents[2] / "frontend"
_READERS = {
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "record": int,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
    "json": read_json,
}


# Where the machine has no Node, a pip package puts one beside Python.
_ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])}


def run_node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the front end; one that fails fails the test, with what it said."""
    done = subprocess.run(
        ["node", *arguments], cwd=FRONTEND, env=_ENVIRONMENT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done


class Refused(Exception):
    """The browser refuses what the server would refuse as well."""


class AsksServer(Exception):
    """The page does not hold what the expression reads."""


class BrowserEvaluator:
    """Asks the Node process. Answers are values as Python's evaluator gives them, or one of the two exceptions."""

    def __init__(self) -> None:
        bundle = run_node("test.mjs", "--bundle").stdout.strip()
        self._process = subprocess.Popen(
            ["node", "tests/answers.mjs", bundle],
            cwd=FRONTEND,
            env=_ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, **question: Any) -> Any:
        """Return the answer to one question of `frontend/tests/answers.mjs`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(question, ensure_ascii=False)}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def evaluate(self, expression: Expression, page: Mapping[str, Any]) -> Any:
        """Return the answer on one page."""
        return answer_of(self.ask(ask="evaluate", tree=browser_tree(expression), pages=[page])[0])

    def keep(self, page: Mapping[str, Any]) -> None:
        """Hand over a page for the questions of `on_each`."""
        self.ask(ask="keep", page=page)

    def on_each(self, expression: Expression, form: str, ids: Sequence[int]) -> dict[int, Any]:
        """Return the answers with each of these records as `record`, exceptions among them as values."""
        roots = [{"form": form, "id": each} for each in ids]
        found = self.ask(ask="each", tree=browser_tree(expression), roots=roots)
        return {key: answer_of(each, is_raising=False) for key, each in zip(ids, found, strict=True)}

    def are_local(self, expressions: Sequence[Expression], page: OnPage) -> list[bool]:
        """Return which expressions the browser takes for its own."""
        data = {
            "roots": sorted(page.roots),
            "fields": {form: sorted(names) for form, names in page.fields.items()},
            "parents": dict(page.parents),
        }
        found = self.ask(ask="local", trees=[browser_tree(each) for each in expressions], page=data)
        return [bool(each) for each in found]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()


def answer_of(answer: Mapping[str, Any], *, is_raising: bool = True) -> Any:
    """Return the value of an answer, or what it says instead."""
    if "value" in answer:
        return _value(answer["value"])
    fault = Refused(answer["refused"]) if "refused" in answer else AsksServer(answer["ask"])
    if is_raising:
        raise fault
    return fault


def _value(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_value(each) for each in data)
    return _READERS[data["is"]](data["value"]) if isinstance(data, dict) else data


def page_of_tables(
    tables: Mapping[str, Mapping[int, Mapping[str, Any]]],
    rows: Mapping[str, Mapping[int, Mapping[str, Sequence[int]]]],
    environment: Environment,
    roots: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a page that holds these records and the ids of their rows."""
    return {
        "roots": roots,
        "records": {
            form: {
                str(key): {
                    "values": {name: browser_value(value) for name, value in values.items()},
                    "rows": rows.get(form, {}).get(key, {}),
                }
                for key, values in table.items()
            }
            for form, table in tables.items()
        },
        "now": environment.now.isoformat(),
        "timezone": str(environment.timezone),
        "calendar": browser_calendar(environment.calendar),
    }
