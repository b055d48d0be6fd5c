"""The term engine: worked examples, properties, and a slow second opinion day by day."""

import random
from dataclasses import fields
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.terms import InvalidTerms, State, Terms, TermState, moved

DAY = timedelta(1)
YEAR = {"initial_months": 12, "renewal_mode": "automatic", "renewal_months": 12, "notice_period": 3}


@pytest.mark.parametrize("mode", ["none", "manual", "automatic"])
@pytest.mark.parametrize(
    ("start", "months", "notice", "on", "end", "deadline"),
    [
        (date(2020, 8, 1), 36, 3, date(2023, 1, 1), date(2023, 7, 31), date(2023, 4, 30)),
        (date(2018, 9, 27), 36, 3, date(2019, 6, 7), date(2021, 9, 26), date(2021, 6, 26)),
        (date(2024, 3, 1), 12, 1, date(2024, 3, 1), date(2025, 2, 28), date(2025, 1, 31)),
    ],
)
def test_the_first_term_ends_and_is_left_as_worked_out_by_hand(mode, start, months, notice, on, end, deadline):
    terms = Terms(start=start, initial_months=months, renewal_mode=mode, renewal_months=12, notice_period=notice)
    seen = terms.on(on)
    assert (seen.number, seen.term_end, seen.notice_deadline) == (1, end, deadline)
    assert seen.renewal_deadline == (deadline if mode == "automatic" else end)


@pytest.mark.parametrize(
    ("start", "months", "notice", "on", "number", "end", "deadline"),
    [
        (date(2020, 8, 1), 36, 3, date(2023, 10, 31), 2, date(2024, 7, 31), date(2024, 4, 30)),
        (date(2024, 8, 29), 12, 2, date(2026, 2, 11), 2, date(2026, 8, 28), date(2026, 6, 28)),
    ],
)
def test_a_renewed_term_has_its_own_deadline(start, months, notice, on, number, end, deadline):
    seen = Terms(**{**YEAR, "start": start, "initial_months": months, "notice_period": notice}).on(on)
    assert (seen.number, seen.term_end, seen.notice_deadline) == (number, end, deadline)
    assert seen.next_notice_deadline == deadline
    assert seen.state == "active"


def test_a_deadline_that_has_passed_says_until_when_one_is_bound_and_names_the_next():
    terms = Terms(start=date(2025, 1, 1), **YEAR)
    last, after = terms.on(date(2025, 9, 30)), terms.on(date(2025, 10, 1))
    assert (last.state, last.committed_until) == (State.IN_NOTICE_WINDOW, date(2025, 12, 31))
    assert (after.state, after.committed_until) == (State.COMMITTED, date(2026, 12, 31))
    assert (after.notice_deadline, after.next_notice_deadline) == (date(2025, 9, 30), date(2026, 9, 30))


def test_before_the_start_and_after_the_end():
    terms = Terms(
        start=date(2025, 1, 1), initial_months=12, renewal_mode="manual", notice_period=30, notice_unit="days"
    )
    before, over = terms.on(date(2024, 12, 31)), terms.on(date(2026, 1, 1))
    assert (before.state, before.term_start, before.committed_until) == (
        "pending",
        date(2025, 1, 1),
        date(2025, 12, 31),
    )
    assert (over.state, over.number, over.term_end) == ("ended", 1, date(2025, 12, 31))
    assert (over.next_notice_deadline, over.committed_until) == (None, None)
    late = terms.on(date(2025, 12, 2))
    assert (late.notice_deadline, late.next_notice_deadline, late.state) == (date(2025, 12, 1), None, "active")


def test_an_initial_term_of_no_whole_months_is_followed_by_renewals_from_the_day_after():
    terms = Terms(
        start=date(2025, 2, 10),
        initial_until=date(2025, 12, 31),
        renewal_mode="automatic",
        renewal_months=1,
        notice_period=1,
    )
    seen = terms.on(date(2026, 3, 15))
    assert (seen.number, seen.term_start, seen.term_end) == (4, date(2026, 3, 1), date(2026, 3, 31))


def test_a_minimum_is_over_before_a_short_rolling_term_can_be_left():
    terms = Terms(
        start=date(2025, 1, 1), initial_months=1, renewal_mode="automatic", renewal_months=1, notice_period=14,
        notice_unit="days", minimum_until=date(2026, 12, 15),
    )  # fmt: skip
    seen = terms.on(date(2025, 5, 5))
    assert (seen.term_end, seen.committed_until) == (date(2025, 5, 31), date(2026, 12, 31))
    assert seen.next_notice_deadline == date(2026, 12, 17)


def test_without_an_end_notice_counts_for_the_minimum_and_then_for_any_day():
    terms = Terms(
        start=date(2025, 1, 1),
        initial_months=12,
        renewal_mode="open_ended",
        notice_period=3,
        minimum_until=date(2026, 6, 30),
    )
    early, free = terms.on(date(2025, 1, 1)), terms.on(date(2026, 5, 10))
    assert (early.term_end, early.notice_deadline, early.committed_until) == (
        None,
        date(2026, 3, 31),
        date(2026, 6, 30),
    )
    assert (free.notice_deadline, free.act_by, free.next_notice_deadline) == (None, None, None)
    assert (free.committed_until, free.renewal_deadline, free.state) == (date(2026, 8, 10), date(2026, 8, 10), "active")


def test_acting_and_sending_fall_on_working_days():
    easter = {date(2026, 4, 3), date(2026, 4, 6)}
    terms = Terms(start=date(2025, 7, 7), **YEAR, mail_buffer_days=4)
    seen = terms.on(date(2026, 1, 1), holidays=easter)
    assert (seen.notice_deadline, seen.act_by, seen.send_by) == (date(2026, 4, 6), date(2026, 4, 2), date(2026, 3, 27))
    assert terms.on(date(2026, 1, 1), weekend=()).send_by == date(2026, 4, 2)


def test_notice_as_long_as_the_term_is_legal_and_warned_of():
    terms = Terms(start=date(2025, 1, 1), initial_months=1, renewal_mode="automatic", renewal_months=1, notice_period=1)
    assert terms.on(date(2025, 3, 10)).next_notice_deadline == date(2025, 3, 31)
    assert "before the term begins" in terms.warnings[0]
    assert Terms(**YEAR, start=date(2025, 1, 1)).warnings == ()
    long = Terms(start=date(2025, 1, 1), **{**YEAR, "initial_months": 2})
    assert "when the contract begins" in long.warnings[0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"initial_months": None}, "initial_months"),
        ({"initial_until": date(2026, 1, 1)}, "initial_months"),
        ({"initial_months": 0}, "initial_months"),
        ({"initial_months": -3}, "initial_months"),
        ({"initial_months": True}, "initial_months"),
        ({"initial_months": 1201}, "initial_months"),
        ({"initial_months": None, "initial_until": date(2024, 12, 31)}, "initial_until"),
        ({"renewal_months": None}, "renewal_months"),
        ({"renewal_months": 0}, "renewal_months"),
        ({"renewal_mode": "tacit"}, "renewal_mode"),
        ({"notice_unit": "weeks"}, "notice_unit"),
        ({"notice_period": -1}, "notice_period"),
        ({"notice_period": 1.5}, "notice_period"),
        ({"minimum_until": date(2024, 1, 1)}, "minimum_until"),
        ({"mail_buffer_days": -1}, "mail_buffer_days"),
        ({"start": datetime(2025, 1, 1)}, "start"),
        ({"start": "2025-01-01"}, "start"),
        ({"start": date(9999, 1, 1)}, "start"),
        ({"start": date.min}, "start"),
        ({"initial_months": None, "initial_until": date.max}, "initial_until"),
        ({"minimum_until": date.max}, "minimum_until"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_the_field(wrong, field):
    with pytest.raises(InvalidTerms) as told:
        Terms(**{**YEAR, "start": date(2025, 1, 1), **wrong})
    assert told.value.field == field


@pytest.mark.parametrize("mode", ["none", "manual", "automatic", "open_ended"])
@pytest.mark.parametrize("unit", ["days", "months"])
@pytest.mark.parametrize("start", [date(1900, 1, 1), date(2199, 12, 31)])
def test_whatever_may_be_given_is_reckoned(mode, unit, start):
    terms = Terms(
        start=start, initial_months=1200, renewal_mode=mode, renewal_months=1200, notice_period=1200, notice_unit=unit,
        minimum_until=date(2199, 12, 31), mail_buffer_days=36_525,
    )  # fmt: skip
    assert len(terms.warnings) < 2
    for day in (date(1900, 1, 1), date(2199, 12, 31)):
        seen = terms.on(day)
        assert seen.committed_until is None or seen.committed_until >= seen.term_start
        assert (terms.until(day, seen) or day) >= day


def test_a_day_that_is_none_and_a_week_without_work_are_refused():
    terms = Terms(start=date(2025, 1, 1), **YEAR)
    for asked in ({"day": datetime(2025, 1, 1)}, {"day": date(2025, 1, 1), "weekend": range(7)}):
        with pytest.raises(InvalidTerms):
            terms.on(**asked)
    with pytest.raises(InvalidTerms):
        terms.on(date.max)


@pytest.mark.parametrize("day", [29, 30, 31])
def test_fifty_renewals_from_the_end_of_a_month_do_not_drift(day):
    terms = Terms(start=date(2024, 1, day), initial_months=1, renewal_mode="automatic", renewal_months=1)
    for place in range(1, 52):
        end = moved(date(2024, 1, day), place) - DAY
        seen = terms.on(end)
        assert (seen.number, seen.term_end) == (place, end)
    assert {terms.on(moved(date(2024, 1, day), place)).term_start.day for place in (2, 4, 6)} <= {day, 29, 30, 31}


days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
agreed = st.builds(
    Terms,
    start=st.dates(date(2005, 1, 1), date(2030, 12, 31)),
    initial_months=st.integers(1, 60),
    renewal_mode=st.sampled_from(["none", "manual", "automatic", "open_ended"]),
    renewal_months=st.integers(1, 36),
    notice_period=st.integers(0, 120),
    notice_unit=st.sampled_from(["days", "months"]),
    mail_buffer_days=st.integers(0, 14),
)


@settings(max_examples=300, deadline=None)
@given(agreed, days)
def test_deadlines_stand_in_order_and_inside_their_term(terms, day):
    seen = terms.on(day)
    if seen.notice_deadline:
        assert seen.send_by <= seen.act_by <= seen.notice_deadline
        assert seen.act_by.weekday() < 5
        assert seen.send_by.weekday() < 5
        assert seen.term_end is None or seen.notice_deadline <= seen.term_end
        if seen.term_end and seen.term_start <= moved(seen.term_end + DAY, -terms.notice_period) - DAY:
            assert terms.notice_unit == "days" or seen.notice_deadline >= seen.term_start
    if seen.state not in {"pending", "ended"} and seen.term_end:
        assert seen.term_start <= day <= seen.term_end
    if seen.next_notice_deadline:
        assert seen.next_notice_deadline >= day
    if seen.committed_until:
        assert seen.committed_until >= (seen.term_end or day)


@settings(max_examples=300, deadline=None)
@given(agreed, days, st.integers(1, 900))
def test_a_later_day_is_never_bound_less(terms, day, later):
    first, then = terms.on(day), terms.on(day + timedelta(later))
    assert (first.number, first.term_start) <= (then.number, then.term_start)
    for name in ("term_end", "next_notice_deadline", "committed_until", "renewal_deadline"):
        before, after = getattr(first, name), getattr(then, name)
        assert before is None or after is None or before <= after, name


def back(day, months):
    """`months` before a day, walked: from month to month, then down to a day that the month has."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first - DAY).replace(day=1)
    found = first
    while found.day < day.day and (found + DAY).month == first.month:
        found += DAY
    return found


def onward(day, months):
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(32)).replace(day=1)
    found = first
    while found.day < day.day and (found + DAY).month == first.month:
        found += DAY
    return found


def slowly(terms, day, horizon):
    """What `Terms.on` answers, found by walking through every day."""

    def deadline(end):
        after = end + DAY
        return (
            after - timedelta(terms.notice_period) if terms.notice_unit == "days" else back(after, terms.notice_period)
        ) - DAY

    def working(on, buffer):
        while on.weekday() > 4:
            on -= DAY
        for _ in range(buffer):
            on -= DAY
        while on.weekday() > 4:
            on -= DAY
        return on

    first_end = terms.initial_until or onward(terms.start, terms.initial_months) - DAY
    ends, on = [first_end], terms.start
    while terms.renewal_mode == "automatic" and ends[-1] < horizon:
        months = len(ends) * terms.renewal_months
        anchor = terms.initial_until + DAY if terms.initial_until else terms.start
        ends.append(onward(anchor, months + (0 if terms.initial_until else terms.initial_months)) - DAY)
    number, start, on = 1, terms.start, terms.start
    while on < day:
        if on == ends[number - 1] and number < len(ends):
            number, start = number + 1, on + DAY
        on += DAY
    end = ends[number - 1]
    over = terms.renewal_mode != "automatic" and day > end
    due = deadline(end)
    free = [one for one in ends if deadline(one) >= day and one >= (terms.minimum_until or one)]
    send = working(due, terms.mail_buffer_days)
    if day < terms.start:
        state = "pending"
    elif over:
        state = "ended"
    elif day > due:
        state = "committed" if terms.renewal_mode == "automatic" else "active"
    else:
        state = "in_notice_window" if day >= send else "active"
    if terms.renewal_mode == "automatic":
        upcoming, bound = deadline(free[0]), free[0]
    else:
        upcoming, bound = (due if day <= due and not over else None), (None if over else end)
    renewal = due if terms.renewal_mode == "automatic" else end
    return TermState(
        number, start, end, due, working(due, 0), send, renewal, upcoming, bound, State(state)
    )  # fmt: skip


def test_two_thousand_contracts_are_told_as_by_walking_through_every_day():
    pick = random.Random(20261125)
    for _ in range(2000):
        start = date(2015, 1, 1) + timedelta(pick.randrange(3000))
        months = pick.choice([1, 2, 3, 6, 12, 24, 36])
        whole = pick.random() < 0.8
        terms = Terms(
            start=start,
            initial_months=months if whole else None,
            initial_until=None if whole else start + timedelta(pick.randrange(1, 700)),
            renewal_mode=pick.choice(["none", "manual", "automatic", "automatic", "automatic"]),
            renewal_months=pick.choice([1, 3, 6, 12, 24]),
            notice_period=pick.choice([0, 1, 2, 3, 6]) if (by_month := pick.random() < 0.6) else pick.randrange(120),
            notice_unit="months" if by_month else "days",
            minimum_until=start + timedelta(pick.randrange(1200)) if pick.random() < 0.2 else None,
            mail_buffer_days=pick.choice([0, 0, 3, 7]),
        )
        day = start + timedelta(pick.randrange(-60, 2500))
        expected, told = slowly(terms, day, max(day, start) + timedelta(4000)), terms.on(day)
        assert {one.name: getattr(told, one.name) for one in fields(told)} == {
            one.name: getattr(expected, one.name) for one in fields(expected)
        }, (terms, day)
