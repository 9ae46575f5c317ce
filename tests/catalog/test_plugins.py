"""Plugins: real distributions in a folder on Python's path, asked by a fresh Python each."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COLOURS = """
from orderkit.catalog import Plugin
from orderkit.fields.one_line import OneLine
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel

class Options(OptionModel):
    "No options."

class Ral(OneLine[Options]):
    "A colour of the RAL system."
    name = "NAME"
    label = bilingual(zh="色号", en="RAL colour")
    description = bilingual(zh="RAL 色号", en="A colour by its RAL number")
    Options = Options
    examples = ()
    def canonical(self, options, text):
        return text.upper()
    def json_schema(self, options):
        return {"type": "string"}

plugin = Plugin(api=API, fields=(Ral(),))
def make():
    return plugin
"""
PROJECT = {
    "orderkit.yaml": "project: paint\nlabel: 油漆\nversion: 1.0.0\nlocale: zh-CN\nlocales: [zh-CN]\ntimezone: Asia/Shanghai\ncurrency: CNY\n",
    "tin.yaml": 'form: tin\nlabel: 罐\ntitle: "{shade}"\nfields:\n  shade: {type: ral, label: 颜色}\n',
    "role.yaml": "role: clerk\nlabel: 文员\nforms: {tin: {create: true, read: true}}\n",
}


def install(
    folder: Path, distribution: str, *, module: str, point: str = "make", code: str = COLOURS
) -> None:
    """Put a distribution into a folder as pip does: a module, and what is known about it."""
    information = folder / f"{distribution}-1.2.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
    (information / "entry_points.txt").write_text(f"[orderkit.plugins]\nmain = {module}:{point}\n")
    (folder / f"{module}.py").write_text(code.replace("NAME", "ral").replace("API", "1"))


def run(program: str, folder: Path, *, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """Run a program with `folder` on Python's path."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={"PYTHONPATH": str(folder), "ORDERKIT_LANG": "en", "ORDERKIT_CACHE": str(folder / "cache")},
    )


def orderkit(*words: str, folder: Path) -> subprocess.CompletedProcess:
    return run(f"from orderkit.cli import main; main({list(words)!r})", folder)


def refusal(folder: Path, *, cwd: Path = ROOT) -> str:
    """Return the code and the text with which this installation refuses its plugins."""
    done = run(
        """
        from orderkit.catalog import installed, PluginRefused
        try:
            installed()
        except PluginRefused as error:
            assert error.explain.keys() == {"zh", "en"}
            print(error.known_as.id, error.explain["en"])
        """,
        folder,
        cwd=cwd,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("point", ["make", "plugin"], ids=["a function", "a value"])
def test_an_installed_plugin_adds_to_the_catalog(tmp_path, point):
    install(tmp_path, "orderkit-paint", module="paint", point=point)
    done = run("from orderkit.catalog import installed; print(installed().fields['ral'].name)", tmp_path)
    assert done.stdout.strip() == "ral", done.stderr


def test_a_project_with_it_is_checked_built_and_opened_and_its_artifact_names_it(tmp_path):
    install(tmp_path / "site", "orderkit-paint", module="paint")
    shop = tmp_path / "shop"
    shop.mkdir()
    for name, text in PROJECT.items():
        (shop / name).write_text(text, encoding="utf-8")
    without = orderkit("check", str(shop), folder=tmp_path / "nothing")
    assert without.returncode == 1
    assert "ral" in without.stdout
    site = tmp_path / "site"
    for words in (("check", str(shop)), ("build", str(shop)), ("migrate", str(shop))):
        done = orderkit(*words, folder=site)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (shop / "build" / "plugins.txt").read_text() == "orderkit-paint==1.2\n"
    assert "-r plugins.txt" in (shop / "build" / "Dockerfile").read_text()
    missing = orderkit("migrate", str(shop), folder=tmp_path / "nothing")
    assert missing.returncode == 1
    assert "OK6723" in missing.stderr
    assert "pip install -r" in missing.stderr


def test_a_changed_rule_beside_it_is_looked_at_alone(tmp_path):
    install(tmp_path / "site", "orderkit-paint", module="paint")
    text = PROJECT["tin.yaml"] + '  name: {type: text, label: 名称, check: "len(shade) > 1"}\n'
    files = {path: each.encode() for path, each in {**PROJECT, "tin.yaml": text}.items()}
    changed = {**files, "tin.yaml": text.replace("> 1", "> 2").encode()}
    program = f"""
        from orderkit.cli.commands import check
        print(check._are_right("tin.yaml", {files["tin.yaml"]!r}, {changed!r}))
        """
    assert run(program, tmp_path / "site").stdout.strip() == "True", "the form is right with the plugin"
    assert run(program, tmp_path / "nothing").stdout.strip() == "False", "and nobody knows without it"


def test_what_a_project_brings_is_never_loaded(tmp_path):
    install(tmp_path, "orderkit-evil", module="evil", code="raise SystemExit('loaded')")
    assert refusal(ROOT, cwd=tmp_path) == ""
    assert refusal(tmp_path, cwd=tmp_path) == "", "not even when the current folder stands on the path"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (COLOURS.replace("API", "2"), "OK6721"),
        (COLOURS.replace("NAME", "text"), "OK6722"),
        ("raise ImportError('no such thing')", "OK6720"),
        ("def make():\n    return {'api': 1}", "OK6720"),
        ("def make():\n    return 1 / 0", "OK6720"),
        ("", "OK6720"),
    ],
    ids=["another version", "a name of ours", "no import", "no plugin", "a fault", "nothing there"],
)
def test_one_that_cannot_be_used_is_refused_with_its_name_and_a_remedy(tmp_path, code, expected):
    install(tmp_path, "orderkit-paint", module="paint", code=code)
    said = refusal(tmp_path)
    assert said.startswith(f"{expected} the plugin orderkit-paint")
    assert "pip uninstall orderkit-paint" in said


def test_two_that_add_the_same_name_are_refused(tmp_path):
    install(tmp_path, "orderkit-paint", module="paint")
    install(tmp_path, "orderkit-varnish", module="varnish")
    assert refusal(tmp_path).startswith("OK6722 the plugin orderkit-varnish")
