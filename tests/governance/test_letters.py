"""What has to happen so that letters stand as wanted: any letters, any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from governance import letters
from governance.letters import Begun, Held, Plan

DAY = date(2026, 5, 3)
ALWAYS = date.max
HOLDERS = ("person-1", "person-2", "person-3", "function-1")
cells = some.tuples(some.sampled_from([1, 2]), some.sampled_from(HOLDERS))
days = some.integers(0, 12).map(lambda number: DAY + timedelta(number - 6))


@some.composite
def histories(draw):
    """Letters as the records allow them: one A at a time, a letter once, C and I alone."""
    kept: list[Held] = []
    for key in range(draw(some.integers(0, 14))):
        activity, holder = draw(cells)
        first = draw(days)
        last = draw(some.one_of(some.just(ALWAYS), days.filter(lambda day, first=first: day >= first)))
        one = Held(activity, holder, draw(some.sampled_from("RACI")), first, last, key)
        if fits(one, kept):
            kept.append(one)
    return kept


def fits(one, kept):
    if one.letter == "A" and one.holder.startswith("function"):
        return False
    for other in kept:
        if other.activity != one.activity or other.from_on > one.last_on or other.last_on < one.from_on:
            continue
        if one.letter == other.letter == "A":
            return False
        if other.holder == one.holder and (
            one.letter == other.letter or letters.ORDER.find(one.letter) > 1 or letters.ORDER.find(other.letter) > 1
        ):
            return False
    return True


wishes = some.dictionaries(cells, some.sampled_from(sorted(letters.ALLOWED)), max_size=6).filter(
    lambda wanted: not letters.faults(wanted)
)


def carried_out(held, plan):
    """The letters as they are afterwards."""
    ended = {one.key: Held(**{**vars(one), "last_on": plan.on - timedelta(1)}) for one in plan.ends}
    cancelled = {one.key for one in plan.cancelled}
    return [
        *(ended.get(one.key, one) for one in held if one.key not in cancelled),
        *(
            Held(new.activity, new.holder, new.letter, new.from_on, new.to_on or ALWAYS, 100 + place)
            for place, new in enumerate(plan.begins)
        ),
    ]


@given(histories(), wishes, days)
def test_what_is_read_back_is_what_was_wanted(held, wanted, on):
    plan = letters.plan(held, wanted, on)
    after = letters.read(carried_out(held, plan), on)
    assert {cell: after.get(cell, "") for cell in wanted} == wanted
    answering = {activity for (activity, _), told in wanted.items() if "A" in told}
    for cell, told in letters.read(held, on).items():
        if cell not in wanted:
            assert after.get(cell, "") == (told.replace("A", "") if cell[0] in answering else told)


@given(histories(), wishes, days)
def test_the_past_is_untouched(held, wanted, on):
    after = carried_out(held, letters.plan(held, wanted, on))
    for back in range(1, 9):
        day = on - timedelta(back)
        assert letters.read(after, day) == letters.read(held, day)


@given(histories(), wishes, days)
def test_a_second_time_nothing_happens_and_the_rules_hold(held, wanted, on):
    after = carried_out(held, letters.plan(held, wanted, on))
    assert not letters.plan(after, wanted, on)
    kept: list[Held] = []
    for one in after:
        assert fits(one, kept), one
        kept.append(one)


def test_a_new_accountable_person_follows_the_former_until_one_who_is_planned():
    held = [
        Held(1, "person-1", "A", date(2026, 1, 1), date(2026, 6, 30), 1),
        Held(1, "person-3", "A", date(2026, 7, 1), ALWAYS, 2),
    ]
    plan = letters.plan(held, {(1, "person-2"): "AR"}, DAY)
    assert plan == Plan(
        on=DAY,
        begins=(
            Begun(1, "person-2", "R", DAY),
            Begun(1, "person-2", "A", DAY, date(2026, 6, 30)),
        ),
        ends=(held[0],),
        cancelled=(),
        stays=(),
    )
    people = {"person-1": "Ivan", "person-2": "Mia"}
    assert plan.sentences({1: "Train people"}, people) == [
        "Ivan is no longer accountable for “Train people” after 2 May 2026.",
        "Mia becomes responsible for “Train people” on 3 May 2026.",
        "Mia becomes accountable for “Train people” on 3 May 2026, until 30 June 2026.",
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({(1, "person-1"): "CR"}, "RC does not go together: consulted or informed is only who does not do it."),
        ({(1, "person-1"): "X"}, "“X” is not made of R, A, C and I."),
        ({(1, "function-1"): "A"}, "Accountable is always a person: a function cannot answer for it."),
        (
            {(1, "person-1"): "A", (1, "person-2"): "A"},
            "Only one person is accountable for an activity at a time.",
        ),
    ],
)
def test_what_cannot_be_is_said(wanted, said):
    with pytest.raises(ValueError) as error:
        letters.plan([], wanted, DAY)
    assert (str(error.value), list(letters.faults(wanted).values())) == (said, [said])


def test_a_holder_is_one_word_that_is_read_back():
    words = [letters.holder(3), letters.holder(4), letters.holder(None, 3)]
    assert words == ["person-3", "person-4", "function-3"]
    assert [letters.split(one) for one in words] == [("person", 3), ("person", 4), ("function", 3)]
    assert letters.by_kind(words) == {"person": {3, 4}, "function": {3}}
