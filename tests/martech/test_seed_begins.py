"""The demo company's beginning: where it may be loaded, and the pure pieces it is made with."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inventory.models import System
from martech.accounts.models import User
from martech.demo import email
from martech.demo.diary import Diary
from martech.demo.paper import pdf
from martech.demo.story import tell


def seed(*arguments: str) -> str:
    said = StringIO()
    call_command("seed", *arguments, stdout=said)
    return said.getvalue()


def test_it_leaves_a_company_alone_that_has_begun(ivan: User) -> None:
    System.add(by=ivan, name="Ours")
    assert seed("--if-empty") == ""
    assert User.objects.filter(email=email("it")).count() == 0
    seed()
    assert System.objects.count() == 61


def test_a_number_below_nought_is_refused_in_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match="--scale takes a number"):
        seed("--scale=-1")


@pytest.mark.parametrize("weekday", [0, 5, 6])
def test_the_story_can_be_told_on_any_day_of_the_week(db: None, weekday: int) -> None:
    tell(date(2025, 12, 29) + timedelta(days=weekday))
    assert System.objects.count() == 60


def test_a_day_at_the_weekend_happened_on_the_friday_before() -> None:
    seen: list[datetime] = []
    diary = Diary(date(2026, 3, 2))  # a Monday
    for ago in (1, 4, 2, 3):
        diary.plan(ago, seen.append)
    diary.live()
    assert [at.date().isoformat() for at in seen] == ["2026-02-26", "2026-02-27", "2026-02-27", "2026-02-27"]
    assert seen == sorted(set(seen))
    with pytest.raises(ValueError, match="yesterday"):
        diary.plan(0, seen.append)


def test_a_paper_is_a_pdf_with_its_words() -> None:
    made = pdf("Day rates (two years)", ("920 EUR",))
    assert made.startswith(b"%PDF-1.4")
    assert b"(Day rates \\(two years\\)) Tj" in made
    assert made.endswith(b"%%EOF\n")
