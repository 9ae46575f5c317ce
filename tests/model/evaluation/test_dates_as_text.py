"""Days as text by a pattern, the same on every machine."""

from datetime import date

import pytest

from orderkit.model.expressions.evaluation.texts import formatted


class WindowsDate(date):
    """A day whose library takes no Chinese characters, as that of Windows does until Python 3.13."""

    def strftime(self, format: str) -> str:  # noqa: A002 - as it is called there
        return super().strftime(format.encode("latin-1").decode("latin-1"))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("%Y年%m月%d日", "0987年03月05日"),
        ("%G-W%V", "0987-W10"),
        ("100%% %y", "100% 87"),
        ("第%j天", "第064天"),
    ],
)
def test_characters_between_the_letters_are_left_alone(pattern: str, text: str) -> None:
    assert formatted(WindowsDate(987, 3, 5), pattern) == text
