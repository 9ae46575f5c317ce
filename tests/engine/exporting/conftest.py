"""The shop of the imports, as what leaves is to come back."""

from tests.engine.importing.conftest import any_shop, shop, untouched_shop

__all__ = ["any_shop", "shop", "untouched_shop"]
