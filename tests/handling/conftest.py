"""The city that has run, as the tests of keeping have it."""

from tests.keeping.conftest import city, original

__all__ = ["city", "original"]
