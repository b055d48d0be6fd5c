"""Many letters of a system in one act."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from governance import letters
from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import Function, User
from martech.audit.models import Entry
from martech.errors import Refused

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 3)


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail")


@pytest.fixture
def train():
    return Activity.objects.get(code="train").pk


def test_it_is_one_act_and_every_letter_is_on_the_trail(mail, train, mona, ivan, mia, ada):
    web = Function.add(by=ada, name="Web")
    first = {(train, f"person-{ivan.pk}"): "RA", (train, f"function-{web.pk}"): "C"}
    Assignment.arrange(mail, first, by=mona, on=MAY)
    wanted = {(train, f"person-{mia.pk}"): "A", (train, f"function-{web.pk}"): ""}
    planned = Assignment.planned(mail, wanted, date(2026, 8, 1), by=mona)

    done = Assignment.arrange(mail, wanted, by=mona, on=date(2026, 8, 1), note="Mia takes over.")

    assert done == planned
    told = [letters.read(Assignment.held(mail, MAY), day) for day in (MAY, date(2026, 7, 31), date(2026, 8, 1))]
    assert told == [
        first,
        first,
        {(train, f"person-{ivan.pk}"): "R", (train, f"person-{mia.pk}"): "A"},
    ]
    entries = Entry.objects.filter(note="Mia takes over.", kind="governance.assignment")
    assert sorted(entries.values_list("verb", flat=True)) == ["add", "end", "end"]
    assert entries.values("act").distinct().count() == 1
    assert Assignment.objects.get(person=mia).reason == "Mia takes over."
    assert not Assignment.arrange(mail, wanted, by=mona, on=date(2026, 8, 1))


def test_where_what_is_wanted_is_complete_whoever_is_not_named_loses_their_letters(mail, train, mona, ivan, mia):
    operate, ivans, mias = Activity.objects.get(code="operate").pk, f"person-{ivan.pk}", f"person-{mia.pk}"
    Assignment.arrange(mail, {(train, ivans): "R", (train, mias): "A", (operate, mias): "A"}, by=mona, on=MAY)
    day = date(2026, 8, 1)
    planned = Assignment.planned(mail, {(train, ivans): "RA"}, day, by=mona, complete=True)
    assert Assignment.arrange(mail, {(train, ivans): "RA"}, by=mona, on=day, complete=True) == planned
    assert letters.read(Assignment.held(mail, day), day) == {(train, ivans): "RA", (operate, mias): "A"}
    assert not Assignment.arrange(mail, {(train, ivans): "RA"}, by=mona, on=day, complete=True)


def test_what_has_not_begun_is_cancelled(mail, train, mona, ivan):
    cell = (train, f"person-{ivan.pk}")
    Assignment.arrange(mail, {cell: "R"}, by=mona, on=date(2031, 1, 1))
    Assignment.arrange(mail, {cell: ""}, by=mona, on=MAY, note="A slip.")
    assert Assignment.held(mail, MAY - timedelta(1)) == []


def test_it_asks_for_the_ordinary_permission(mail, train, mia):
    with pytest.raises(PermissionDenied):
        Assignment.arrange(mail, {(train, f"person-{mia.pk}"): "R"}, by=mia)
    assert not Assignment.objects.exists()


def test_bad_cells_are_named_and_nothing_happens(mail, train, mona, ivan, ada):
    robot = User.add(by=ada, name="Robot", email="robot@cast.example", kind="service")
    good = {(train, f"person-{ivan.pk}"): "R"}
    for cell, told, said in (
        ((train, "person-99999"), "R", "person 99999: There is no such record."),
        ((train, "team-1"), "R", "“team-1” is neither a person nor a function."),
        ((99999, f"person-{ivan.pk}"), "R", "activity 99999: There is no such record."),
        ((train, f"person-{robot.pk}"), "A", f"{robot.number}: Accountable is a person, not a service account."),
        ((train, f"person-{mona.pk}"), "CI", f"Activity {train}, person {mona.pk}: CI does not go together"),
    ):
        for ask in (
            lambda wanted: Assignment.planned(mail, wanted, MAY, by=mona),
            lambda wanted: Assignment.arrange(mail, wanted, by=mona),
        ):
            with pytest.raises(ValidationError) as error:
                ask({**good, cell: told})
            assert error.value.message_dict["letters"][0].startswith(said)
    mail.retire(by=mona)
    with pytest.raises(Refused, match="is retired"):
        Assignment.arrange(mail, good, by=mona)
    assert not Assignment.objects.exists()
