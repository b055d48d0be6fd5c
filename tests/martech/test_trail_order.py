"""The trail is read onwards without passing over anything, however many write to it at once."""

from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from inventory.models import Vendor
from martech.audit import reading, triggers
from martech.audit.models import Entry, Place
from martech.operations import acting
from tests.martech.test_races import ROUNDS, THREADS, at_once


@pytest.mark.django_db
def test_a_new_reader_begins_at_the_end_and_then_meets_each_entry_once(mona):
    Vendor.add(by=mona, name="Before")
    with reading.reading("test") as entries:
        assert entries == []
    acme = Vendor.add(by=mona, name="Acme")
    acme.remark(by=mona, note="hello")
    with reading.reading("test") as entries:
        assert [entry.verb for entry in entries] == ["add", "remark"]
    with reading.reading("test") as entries:
        assert entries == []


@pytest.mark.django_db
def test_who_fails_has_read_nothing_and_an_act_is_never_cut(mona):
    Place.objects.create(name="test", entry=reading.end())
    one, other = Vendor.add(by=mona, name="One"), Vendor.add(by=mona, name="Other")
    with pytest.raises(RuntimeError), reading.reading("test"):
        raise RuntimeError
    with reading.reading("test", most=1) as entries:
        assert [entry.key for entry in entries] == [one.pk]
    with reading.reading("test", most=9) as entries:
        assert [entry.key for entry in entries] == [other.pk]


@pytest.mark.django_db
def test_what_others_wrote_between_two_parts_of_an_import_is_not_passed_over(mona):
    """The parts of an import are one act in several transactions."""
    Place.objects.create(name="test", entry=reading.end())
    whole = uuid4()
    rows = iter(range(9))
    written = []
    for act in (whole, whole, None, whole, None):
        with acting(mona) as current:
            current.id = act or current.id
            written += [Vendor.add(by=mona, name=f"V {next(rows)}").pk]
    read = []
    for expected in (2, 1, 1, 1):
        with reading.reading("test", most=1) as entries:
            assert len(entries) == expected
            read += [entry.key for entry in entries]
    assert read == written


def onwards():
    """A reader that gives the ids of the next entries."""
    place = [reading.end()]

    def read():
        seen = [entry.pk for entry in reading.onwards(place[-1], 100)]
        place.extend(seen)
        return seen

    return read


def passed_over(by, read):
    """Somebody writes and commits late, another writes and commits meanwhile: what a reader in between never gets."""
    start, waiting, go = reading.end(), Event(), Event()

    def late():
        with transaction.atomic():
            Vendor.add(by=by, name="Late")
            waiting.set()
            go.wait(5)
        connections.close_all()

    def early():
        waiting.wait(5)
        Vendor.add(by=by, name="Early")
        connections.close_all()

    threads = [Thread(target=late), Thread(target=early)]
    for thread in threads:
        thread.start()
    waiting.wait(5)
    threads[1].join(1)  # without the line it is through by now; with it, it waits for the late one
    seen = read()
    go.set()
    for thread in threads:
        thread.join(10)
    seen += read()
    return set(Entry.objects.filter(pk__gt=start).values_list("pk", flat=True)) - set(seen)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_passed_over_and_would_be_without_the_line(mona):
    assert passed_over(mona, onwards()) == set()
    Vendor.objects.get(name="Late").change(by=mona, name="Late once")
    Vendor.objects.get(name="Early").change(by=mona, name="Early once")
    triggers.unqueue(connection)
    try:
        assert len(passed_over(mona, onwards())) == 1
    finally:
        triggers.queue(connection)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_reader_among_many_writers_misses_nothing(mona):
    start, seen, over = reading.end(), [], Event()

    def read():
        while True:
            last = over.is_set()
            seen.extend(entry.pk for entry in reading.onwards(seen[-1] if seen else start, 50))
            if last and not reading.onwards(seen[-1], 1):
                break
        connections.close_all()

    reader = Thread(target=read)
    reader.start()
    for number in range(ROUNDS):
        told = at_once(
            *(
                lambda at=(number, place): Vendor.add(by=mona, name=f"V {at}").remark(by=mona, note="x")
                for place in range(THREADS)
            )
        )
        assert all(isinstance(one, Vendor) for one in told)
    over.set()
    reader.join(30)
    assert seen == list(Entry.objects.filter(pk__gt=start).order_by("pk").values_list("pk", flat=True))
    assert len(seen) == 2 * ROUNDS * THREADS
