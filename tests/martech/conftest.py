"""People with a password."""

import pytest

from martech.accounts.models import User
from tests.martech.signing import PASSWORD


@pytest.fixture
def mona(mona: User) -> User:
    mona.set_password(PASSWORD)
    mona.save(update_fields=["password"])
    return mona
