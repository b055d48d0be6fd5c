"""Who is responsible, accountable, consulted and informed, and from when to when."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import Function, User
from martech.audit.models import Entry
from martech.errors import Refused
from martech.permissions import engine

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 3)


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail")


@pytest.fixture
def train():
    return Activity.objects.get(code="train")


def test_a_letter_counts_from_its_first_day_to_its_last(mail, train, mona, ivan):
    held = Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="A", from_on=MAY)
    held.end(by=mona, to_on=date(2026, 7, 31), note="Ivan moves on.")
    days = (MAY - timedelta(1), MAY, date(2026, 7, 31), date(2026, 8, 1))
    assert [[one.person for one in Assignment.objects.valid(day)] for day in days] == [[], [ivan], [ivan], []]


def test_without_a_day_it_counts_from_today(mail, train, mona, ivan):
    held = Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="R")
    assert (held.from_on, held.to_on) == (timezone.localdate(), None)


def test_only_one_person_is_accountable_at_a_time(mail, train, mona, ivan, mia):
    first = Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="A", from_on=MAY)
    with pytest.raises(ValidationError, match="Ivan Itkin is accountable for this: end that first, or hand it over"):
        Assignment.add(by=mona, system=mail, activity=train, person=mia, letter="A", from_on=date(2027, 1, 1))
    first.end(by=mona, to_on=date(2026, 12, 31), note="Mia takes over.")
    Assignment.add(by=mona, system=mail, activity=train, person=mia, letter="A", from_on=date(2027, 1, 1))
    with pytest.raises(ValidationError, match="accountable for this until 31 December 2026"):
        Assignment.add(by=mona, system=mail, activity=train, person=mona, letter="A", from_on=MAY, to_on=MAY)


def test_the_database_refuses_a_second_accountable_person(mail, train, mona, ivan, mia):
    Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="A", from_on=MAY)
    other = Assignment.add(by=mona, system=mail, activity=train, person=mia, letter="R", from_on=MAY)
    rows = Assignment.objects.filter(pk=other.pk)
    with pytest.raises(IntegrityError, match="assignment_accountable"), transaction.atomic():
        rows.update(letter="A")
    with pytest.raises(IntegrityError, match="assignment_accountable"), transaction.atomic():
        Assignment.objects.create(
            system=mail, activity=train, person=mia, letter="A", from_on=MAY - timedelta(9), last_on=MAY
        )
    rows.update(letter="A", from_on=MAY - timedelta(9), last_on=MAY - timedelta(1))
    assert Assignment.objects.filter(letter="A").count() == 2


def test_accountable_is_a_person(mail, train, mona, ada):
    team = Function.add(by=ada, name="Web")
    robot = User.add(by=ada, name="Robot", email="robot@cast.example", kind="service")
    with pytest.raises(ValidationError, match="Accountable is always a person"):
        Assignment.add(by=mona, system=mail, activity=train, function=team, letter="A")
    with pytest.raises(ValidationError, match="not a service account"):
        Assignment.add(by=mona, system=mail, activity=train, person=robot, letter="A")
    for holder in ({}, {"function": team, "person": mona}):
        with pytest.raises(ValidationError, match="Name a person or a function, one of the two"):
            Assignment.add(by=mona, system=mail, activity=train, letter="R", **holder)
    assert Assignment.add(by=mona, system=mail, activity=train, function=team, letter="R").holder == team


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("AR", None),
        ("RA", None),
        ("CR", "is consulted already"),
        ("RC", "is responsible already"),
        ("AI", "is accountable already"),
        ("CI", "is consulted already"),
        ("RR", "is responsible for this already"),
    ],
)
def test_somebody_who_does_it_is_not_also_consulted(letters, said, mail, train, mona, ivan):
    first, second = letters
    common = {"by": mona, "system": mail, "activity": train, "person": ivan}
    Assignment.add(**common, letter=first)
    if said is None:
        Assignment.add(**common, letter=second)
        return
    with pytest.raises(ValidationError, match=said):
        Assignment.add(**common, letter=second)


def test_letters_are_of_what_is_in_use(mail, train, mona, ivan):
    mail.retire(by=mona)
    with pytest.raises(ValidationError, match=r"SYS-\d+ is retired"):
        Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="R")


def test_what_has_not_begun_never_counts_once_it_is_ended(mail, train, mona, ivan):
    held = Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="R", from_on=date(2031, 1, 1))
    held.end(by=mona, note="A slip.")
    assert (held.to_on, held.retired_at is not None) == (None, True)


def test_the_end_moves_only_forward_in_words(mail, train, mona, ivan):
    held = Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="R", from_on=MAY, to_on=MAY)
    with pytest.raises(Refused, match="ends on 3 May 2026 already"):
        held.end(by=mona, to_on=date(2026, 6, 1), note="Later.")
    with pytest.raises(ValidationError, match="It ends before it begins"):
        held.change(by=mona, to_on=MAY - timedelta(1))


def test_switching_a_letter_off_is_logged(mail, train, mona, ivan):
    held = Assignment.add(by=mona, system=mail, activity=train, person=ivan, letter="I")
    held.silence(by=mona, note="On leave until June.")
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.note, entry.changes) == ("silence", "On leave until June.", {"silent": [False, True]})
    with pytest.raises(Refused):
        held.silence(by=mona, note="Again.")
    held.heed(by=mona)
    assert held.silent is False


def test_a_letter_gives_itself_nothing(mail, mia):
    """Whoever makes themselves accountable would be allowed by the very letter they made."""
    operate = Activity.objects.get(code="operate")
    with pytest.raises(PermissionDenied):
        Assignment.add(by=mia, system=mail, activity=operate, person=mia, letter="A")
    assert not Assignment.objects.exists()


def test_who_holds_a_letter_sees_what_is_confidential_while_it_counts(mail, train, mona, mia):
    mail.change(by=mona, confidential=True, business_owner=mona)
    assert not engine.may(mia, "inventory.view_system", mail)
    today = timezone.localdate()
    held = Assignment.add(
        by=mona, system=mail, activity=train, person=mia, letter="C", from_on=today - timedelta(20), to_on=today
    )
    assert engine.may(mia, "inventory.view_system", mail)
    held.end(by=mona, to_on=today - timedelta(1), note="Done.")
    assert not engine.may(mia, "inventory.view_system", mail)


def test_accountable_and_in_force_are_asked_of_one_and_the_same_letter(mail, train, mona, mia):
    """A letter A that has ended and an R that counts do not make somebody accountable today."""
    operate = Activity.objects.get(code="operate")
    old = date(2020, 1, 1)
    Assignment.add(by=mona, system=mail, activity=operate, person=mia, letter="A", from_on=old, to_on=old)
    Assignment.add(by=mona, system=mail, activity=operate, person=mia, letter="R")
    assert engine.condition(mia, "inventory.view_system") is not False
    word = engine._word(mia, "inventory.system", "accountable")
    assert not System.objects.filter(word).exists()
    Assignment.add(by=mona, system=mail, activity=operate, person=mia, letter="A")
    assert list(System.objects.filter(word)) == [mail]
