"""The marks of currencies: `¥` for CNY; one without a mark of its own is written as its code."""

_MARKS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def mark_of(currency: str) -> str:
    """Return what stands before an amount; of a currency that a field names nothing, its code stands behind."""
    return "" if currency.startswith("=") else _MARKS.get(currency, currency)
