"""People with a password, and nobody counted by the rate limits of another test."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from martech.accounts.models import User
from tests.martech.signing import PASSWORD


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mona(mona: User) -> User:
    mona.set_password(PASSWORD)
    mona.save(update_fields=["password"])
    return mona
