"""The large real files stand beside the repository, not in it; where they are missing, that is said."""

from tests.acceptance.real_data import SHARED

collect_ignore = [] if SHARED.is_dir() else ["test_large_files.py"]


def pytest_report_header() -> list[str]:
    return (
        [f"left out: tests/acceptance/test_large_files.py, for {SHARED} is missing"] if collect_ignore else []
    )
