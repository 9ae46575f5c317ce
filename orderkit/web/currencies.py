"""The marks of currencies: `¥` for CNY; one without a mark of its own is written as its code."""

_MARKS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def mark_of(currency: str) -> str:
    """Return what stands before an amount."""
    return _MARKS.get(currency, currency)
