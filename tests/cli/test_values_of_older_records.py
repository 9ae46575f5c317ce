"""What older records get when a field changes: by `convert:`, and where a field that may be hidden becomes required."""

import pytest
import sqlalchemy as sa

from orderkit.database.connections.urls import database_url
from tests.cli.test_build_and_migrate import ROOT, run

FORM = """\
form: order
label: {zh: 订单, en: Order}
title: "{name}"
fields:
  name: {type: text, label: 名称, required: true}
  kind: {type: text, label: 类别}
"""
DUE = "  due: {type: text, label: 天数}\n"
PROCESS = "  process: {type: text, label: 工艺, visible_if: \"kind == 'custom'\"}\n"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, databases):
    mark = databases.mark()
    yield databases.fresh_url(request.param)
    databases.clear(mark)


@pytest.fixture
def change(url, tmp_path, monkeypatch):
    """Return what changes one field between two builds, over rows that hold values of the old one."""
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)

    def changed(old, new, column, rows):
        (tmp_path / "orderkit.yaml").write_text(ROOT)
        (tmp_path / "order.yaml").write_text(FORM + old)
        assert run("build", tmp_path) == 0
        assert run("migrate", tmp_path, "--database", url) == 0
        engine = sa.create_engine(database_url(url), poolclass=sa.NullPool)
        at = "'2026-01-01 00:00:00+00:00'" if url.startswith("postgresql") else "'2026-01-01'"
        with engine.begin() as connection:
            for number, (kind, value) in enumerate(rows, 1):
                connection.execute(
                    sa.text(
                        f'INSERT INTO "order" (id, created_at, updated_at, revision, name, kind, {column}) '
                        f"VALUES ({number}, {at}, {at}, 1, 'x', :kind, :value)"
                    ),
                    {"kind": kind, "value": value},
                )
        (tmp_path / "order.yaml").write_text(FORM + new)
        assert run("plan", tmp_path) == 0
        assert run("build", tmp_path) == 0
        assert run("migrate", tmp_path, "--database", url) == 0
        with engine.connect() as connection:
            found = connection.execute(sa.text(f'SELECT {column} FROM "order" ORDER BY id'))
            return found.scalars().all()

    return changed


@pytest.mark.parametrize(
    ("convert", "wanted"),
    [
        ("number(value)", [12, None]),
        ("30 if value == null else number(value)", [12, 30]),
        ("coalesce(number(value), 30)", [12, 30]),
    ],
)
def test_a_conversion_is_asked_about_empty_values_too(change, convert, wanted):
    new = f'  due: {{type: integer, label: 天数, convert: "{convert}"}}\n'
    assert change(DUE, new, "due", [(None, "12"), (None, None)]) == wanted


def test_blanks_are_no_empty_value_to_a_conversion(change):
    new = "  due: {type: integer, label: 天数, convert: \"number(value) if trim(value) != '' else null\"}\n"
    assert change(DUE, new, "due", [(None, "12"), (None, "  ")]) == [12, None]


@pytest.mark.parametrize("value", ["default: milled", "backfill: \"'milled'\""])
def test_a_field_that_may_be_hidden_is_not_filled_and_the_plan_says_so(change, capsys, value):
    new = PROCESS.replace("visible_if", f"required: true, {value}, visible_if")
    rows = [("custom", None), ("plain", None), ("custom", "turned")]
    assert change(PROCESS, new, "process", rows) == [None, None, "turned"]
    assert "order.process is required from now on where it is shown" in capsys.readouterr().out
