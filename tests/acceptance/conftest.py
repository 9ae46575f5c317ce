"""The large real files and the page of the language stand beside the repository; where they are missing, that is said."""

from tests.acceptance.real_data import SHARED

_NEEDED = {
    "test_large_files.py": SHARED,
    "test_inferred_workbook.py": SHARED / "classicmodels",
    "test_design_page.py": SHARED.parent / "design" / "language.md",
}
collect_ignore = [name for name, path in _NEEDED.items() if not path.exists()]


def pytest_report_header() -> list[str]:
    return [f"left out: tests/acceptance/{name}, for {_NEEDED[name]} is missing" for name in collect_ignore]
