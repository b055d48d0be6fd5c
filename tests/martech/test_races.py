"""Several people at once, on PostgreSQL with real threads: nobody's edit vanishes, and a name is given once."""

import os
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from inventory.models import System, Vendor
from martech.audit.models import Entry
from martech.errors import Refused, Stale
from martech.operations import acting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 100 if os.environ.get("FULL") else 10
THREADS = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run them all at the same moment; what each returned, or the error it raised."""
    told: list[Any] = [None] * len(acts)
    barrier = Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            told[place] = act()
        except (Stale, Refused, ValidationError, AssertionError) as error:
            told[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told


def test_whoever_is_told_saved_is_kept(cast):
    """Each writer edits the version they saw: one is saved, seven are told; the trail is whole."""
    ivan = cast.it
    saved = 0
    for number in range(ROUNDS):
        vendor = Vendor.add(by=ivan, name=f"Acme {number}")

        def write(text: str, key: int = vendor.pk) -> Vendor:
            mine = Vendor.objects.get(pk=key)
            mine.expected_version = 1
            return mine.change(by=ivan, description=text)

        told = at_once(*(lambda place=place: write(f"text {place}") for place in range(THREADS)))
        kept = [one for one in told if isinstance(one, Vendor)]
        vendor.refresh_from_db()
        assert (len(kept), vendor.version, vendor.description) == (1, 2, kept[0].description)
        assert [one for one in told if not isinstance(one, Vendor | Stale)] == []
        versions = (
            Entry.objects.filter(kind="inventory.vendor", key=vendor.pk)
            .order_by("id")
            .values_list("version", flat=True)
        )
        assert list(versions) == [1, 2]
        saved += len(kept)
    assert saved == ROUNDS


def test_different_fields_changed_at_once_are_all_kept(cast):
    ivan = cast.it
    for number in range(ROUNDS):
        vendor = Vendor.add(by=ivan, name=f"Acme {number}")
        fields = {"description": "Mail", "country": "IE", "website": "https://acme.example", "risk_note": "None"}
        at_once(
            *(
                lambda pair=pair, key=vendor.pk: Vendor.objects.get(pk=key).change(by=ivan, **dict([pair]))
                for pair in fields.items()
            )
        )
        vendor.refresh_from_db()
        assert {name: getattr(vendor, name) for name in fields} == fields
        assert vendor.version == 5


def test_a_name_is_given_once(cast):
    ivan = cast.it
    for number in range(ROUNDS):
        told = at_once(*(lambda number=number: Vendor.add(by=ivan, name=f"Acme {number}") for _ in range(THREADS)))
        refused = [one for one in told if isinstance(one, ValidationError)]
        assert Vendor.objects.filter(name=f"Acme {number}").count() == 1
        assert len(refused) == THREADS - 1
        assert {tuple(one.messages) for one in refused} == {("There is a vendor of this name already.",)}


def test_one_of_several_moves_wins_and_the_rest_are_refused(cast):
    ivan = cast.it
    for number in range(ROUNDS):
        system = System.add(by=ivan, name=f"Mail {number}")
        told = at_once(*(lambda key=system.pk: System.objects.get(pk=key).approve(by=ivan) for _ in range(THREADS)))
        assert sum(isinstance(one, System) for one in told) == 1
        assert sum(isinstance(one, Refused) for one in told) == THREADS - 1
        assert Entry.objects.filter(kind="inventory.system", key=system.pk, verb="approve").count() == 1


def test_two_merges_into_each_other_leave_one_vendor(cast):
    ivan = cast.it
    for number in range(ROUNDS):
        one, two = Vendor.add(by=ivan, name=f"One {number}"), Vendor.add(by=ivan, name=f"Two {number}")
        told = at_once(
            lambda one=one, two=two: Vendor.objects.get(pk=one.pk).merge(by=ivan, into=two.pk),
            lambda one=one, two=two: Vendor.objects.get(pk=two.pk).merge(by=ivan, into=one.pk),
        )
        left = Vendor.objects.filter(pk__in=(one.pk, two.pk), retired_at=None)
        assert left.count() == 1, told


def test_an_act_that_fails_halfway_leaves_nothing(cast):
    ivan = cast.it
    before = Entry.objects.count()

    def both() -> None:
        with acting(ivan):
            Vendor.add(by=ivan, name="First")
            Vendor.add(by=ivan, name="FIRST")

    with pytest.raises(ValidationError):
        both()
    assert (Vendor.objects.filter(name="First").count(), Entry.objects.count()) == (0, before)
    assert connection.in_atomic_block is False
