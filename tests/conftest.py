"""The cast: one person per role, and an outsider who must see nothing."""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connections
from django.test.testcases import TransactionTestCase

from martech.accounts.models import User
from martech.audit import triggers
from martech.audit.models import Entry, recorded
from martech.notifications import news
from martech.permissions.table import ROLES

NAMES = {
    "member": "Mia Member",
    "marketing_ops": "Mona Marketing",
    "it": "Ivan Itkin",
    "security": "Selma Secure",
    "legal": "Leo Legal",
    "finance": "Fay Finance",
    "procurement": "Paco Procure",
    "steering": "Stella Steering",
    "auditor": "Otto Auditor",
    "administrator": "Ada Admin",
}


def person(role: str | None, name: str, email: str = "") -> User:
    """Somebody with one role, or with none."""
    made = User.objects.create_user(email or f"{name.split()[0].lower()}@cast.example", name=name, origin="command")
    if role:
        made.groups.add(Group.objects.get_or_create(name=role)[0])
    return made


class Cast:
    """Everybody by role: `cast.it`, `cast["it"]`; `cast.outsider` has no role."""

    def __init__(self) -> None:
        self._people: dict[str, User] = {}

    def __getitem__(self, role: str) -> User:
        if role not in self._people:
            name = NAMES.get(role, "Oskar Outsider")
            self._people[role] = person(role if role in ROLES else None, name)
        return self._people[role]

    def __getattr__(self, role: str) -> User:
        if role.startswith("_"):
            raise AttributeError(role)
        return self[role]

    def __iter__(self) -> Iterator[tuple[str, User]]:
        return ((role, self[role]) for role in (*ROLES, "outsider"))


@pytest.fixture
def cast(db: Any) -> Cast:
    return Cast()


@pytest.fixture
def mona(cast: Cast) -> User:
    """Marketing operations."""
    return cast.marketing_ops


@pytest.fixture
def ivan(cast: Cast) -> User:
    """IT."""
    return cast.it


@pytest.fixture
def mia(cast: Cast) -> User:
    """A member and nothing more."""
    return cast.member


@pytest.fixture
def ada(cast: Cast) -> User:
    """The administrator."""
    return cast.administrator


@pytest.fixture
def oskar(cast: Cast) -> User:
    """Signed in, without any role."""
    return cast.outsider


def told_at_once(sender: Any, entries: list[Entry], **_given: Any) -> None:
    news.tell([entries], entries[0].at)


@pytest.fixture(autouse=True)
def _told_at_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """People are told with the act, as if the reader of the trail had come by: tests ask for notices without ceremony.

    Not so in tests marked `unheard`: those of the reader itself, and those that count an act's statements.
    """
    if request.node.get_closest_marker("unheard"):
        yield
        return
    recorded.connect(told_at_once)
    yield
    recorded.disconnect(told_at_once)


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> Iterator[None]:
    """The limits of one test are not used up by another."""
    cache.clear()
    yield
    cache.clear()


FOUNDATIONS = (
    "martech.accounts.migrations.0002_roles_and_job_account",
    "martech.calendars.migrations.0002_organisation",
    "martech.notifications.migrations.0003_a_place_in_the_trail",
    "inventory.migrations.0002_starter_capabilities",
    "governance.migrations.0002_starter_activities",
    "governance.migrations.0005_journey_stages",
    "governance.migrations.0015_starter_operating_models",
)


def refound() -> None:
    """What migrations put into a new database is there again: every test begins as an installation does."""
    for name in FOUNDATIONS:
        for step in import_module(name).Migration.operations:
            if step.code.__module__ == name:  # what it writes; its search indexes are still there
                step.code(apps, SimpleNamespace(connection=connections["default"]))


def _lift_the_trail(flush: Callable[..., None]) -> Callable[..., None]:
    """The test database is emptied between transactional tests: the one place where the trail gives way."""

    def flushed(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):
            triggers.drop(connections[alias])
        try:
            flush(self)
        finally:
            for alias in self._databases_names(include_mirrors=False):
                triggers.create(connections[alias])
        refound()

    return flushed


TransactionTestCase._fixture_teardown = _lift_the_trail(TransactionTestCase._fixture_teardown)  # type: ignore[method-assign]
