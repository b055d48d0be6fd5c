"""Business time by example: boundaries, working days, clock changes, what is refused, and what it costs."""

import time as stopwatch
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from martech.worktime import (
    WEEKDAYS,
    Calendar,
    InvalidCalendar,
    add_working_days,
    advance,
    due,
    due_days,
    elapsed,
    instant,
    periods,
    shift,
    shift_days,
)

HOUR = 3600


def calendar(weekly=None, time_zone="UTC", **rest):
    office = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}
    return Calendar.from_dict({"time_zone": time_zone, "weekly": office if weekly is None else weekly, **rest})


def every_day(*spans):
    return {day: [list(span) for span in spans] for day in WEEKDAYS}


def at(text):
    return datetime.fromisoformat(text)


# ---- boundaries


def test_a_budget_used_up_at_closing_is_due_at_closing_and_an_empty_one_moves_to_the_next_opening():
    friday = at("2026-06-05T16:00+00:00")
    assert due(calendar(), friday, HOUR) == at("2026-06-05T17:00+00:00")
    assert due(calendar(), at("2026-06-05T17:00+00:00"), 0) == at("2026-06-08T09:00+00:00")
    assert due(calendar(), friday, 0) == friday


def test_a_budget_used_up_as_a_pause_begins_is_due_at_once():
    pause = (at("2026-06-05T10:00+00:00"), at("2026-06-05T11:00+00:00"))
    assert due(calendar(), at("2026-06-05T09:00+00:00"), HOUR, [pause]) == pause[0]
    assert due(calendar(), at("2026-06-05T09:00+00:00"), HOUR + 1, [pause]) == at("2026-06-05T11:00:01+00:00")


def test_instants_count_to_the_whole_second():
    start = at("2026-06-05T10:00:00.900000+00:00")
    assert due(calendar(), start, 5) == at("2026-06-05T10:00:05+00:00")
    assert elapsed(calendar(), start, at("2026-06-05T10:00:01.100000+00:00")) == 1


def test_answers_are_in_utc_whatever_the_zone_of_the_question():
    start = datetime(2026, 6, 5, 10, tzinfo=ZoneInfo("America/New_York"))
    answer = due(calendar(time_zone="Europe/Berlin"), start, HOUR)
    assert (answer, answer.tzinfo) == (at("2026-06-05T15:00+00:00"), UTC)


def test_a_pause_longer_than_a_year_is_waited_for():
    pause = (at("2026-06-05T10:00+00:00"), at("2028-06-05T10:00+00:00"))
    assert due(calendar(), at("2026-06-05T09:00+00:00"), 2 * HOUR, [pause]) == at("2028-06-05T11:00+00:00")


def test_a_holiday_is_free_even_where_the_date_has_hours_of_its_own():
    cal = calendar(holidays=["2026-06-05"], date_hours={"2026-06-05": [["10:00", "12:00"]]})
    assert advance(cal, at("2026-06-05T09:00+00:00")) == at("2026-06-08T09:00+00:00")


def test_a_date_without_hours_is_closed_and_a_free_day_can_open():
    cal = calendar(date_hours={"2026-06-05": [], "2026-06-06": [["10:00:30", "12:00"]]})
    assert periods(cal, at("2026-06-05T09:00+00:00"), 1) == [
        (at("2026-06-06T10:00:30+00:00"), at("2026-06-06T12:00+00:00"))
    ]


def test_the_end_of_a_day_is_the_start_of_the_next():
    cal = calendar({"mon": [["22:00", "24:00"]], "tue": [["00:00", "01:00"]]})
    assert due(cal, at("2026-06-08T23:30+00:00"), HOUR) == at("2026-06-09T00:30+00:00")


# ---- working days


def test_a_free_day_first_moves_to_a_working_day_in_the_direction_of_counting():
    saturday = at("2026-06-06T10:00+00:00")
    assert due_days(calendar(), saturday, 1) == at("2026-06-09T10:00+00:00")
    assert shift_days(calendar(), saturday, -1) == at("2026-06-04T10:00+00:00")
    assert add_working_days(calendar(), date(2026, 6, 6), 0) == date(2026, 6, 8)


def test_a_clock_time_outside_hours_moves_on_and_back_when_counting_back():
    late = at("2026-06-08T20:00+00:00")
    assert due_days(calendar(), late, 1) == at("2026-06-10T09:00+00:00")
    assert shift_days(calendar(), late, -1) == at("2026-06-05T17:00+00:00")


def test_the_end_of_the_nth_working_day_never_lies_before_the_start():
    late = at("2026-06-08T20:00+00:00")
    assert due_days(calendar(), late, 1, end_of_day=True) == at("2026-06-09T17:00+00:00")
    assert due_days(calendar(), late, 0, end_of_day=True) == at("2026-06-09T17:00+00:00")
    assert due_days(calendar(), at("2026-06-08T10:00+00:00"), 0, end_of_day=True) == at("2026-06-08T17:00+00:00")


def test_working_days_keep_the_clock_time_over_a_clock_change():
    cal = calendar(time_zone="Europe/Berlin")
    assert due_days(cal, at("2026-03-27T10:30+01:00"), 1) == at("2026-03-30T10:30+02:00")


def test_only_pauses_that_began_before_the_due_time_move_a_target_in_days():
    start = at("2026-06-08T10:00+00:00")
    before = (at("2026-06-08T15:00+00:00"), at("2026-06-08T16:00+00:00"))
    after = (at("2026-06-09T11:00+00:00"), at("2026-06-09T12:00+00:00"))
    assert due_days(calendar(), start, 1, [before]) == at("2026-06-09T11:00+00:00")
    assert due_days(calendar(), start, 1, [after]) == at("2026-06-09T10:00+00:00")
    assert due_days(calendar(), start, 1, [before, after]) == at("2026-06-09T11:00+00:00")


def test_a_day_closed_throughout_is_no_working_day():
    cal = calendar(closures=[["2026-06-09T00:00:00+00:00", "2026-06-10T00:00:00+00:00"]])
    assert add_working_days(cal, date(2026, 6, 8), 1) == date(2026, 6, 10)


# ---- clock changes


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("America/Sao_Paulo", "2017-10-15", 23),
        ("America/Sao_Paulo", "2018-02-17", 25),
        ("America/St_Johns", "1990-10-28", 25),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Asia/Tokyo", "2026-03-29", 24),
    ],
)
def test_a_day_around_the_clock_has_the_hours_its_zone_gives_it(zone, day, hours):
    only = calendar({}, zone, date_hours={day: [["00:00", "24:00"]], "2050-01-01": [["00:00", "24:00"]]})
    around = at(f"{day}T00:00+00:00")
    assert elapsed(only, around - timedelta(days=3), around + timedelta(days=4)) == hours * HOUR


@pytest.mark.parametrize(
    ("rows", "worked"),
    [
        ([["02:30", "03:00"]], []),
        ([["02:00", "02:30"]], [("01:00", "01:30")]),
        ([["01:30", "02:15"], ["03:00", "04:00"]], [("00:30", "01:15"), ("01:15", "02:00")]),
        ([["02:30", "05:00"]], [("01:30", "03:00")]),
    ],
)
def test_periods_in_the_spring_gap_move_on_and_never_count_twice(rows, worked):
    cal = calendar({}, "Europe/Berlin", date_hours={"2026-03-29": rows, "2026-03-31": [["10:00", "11:00"]]})
    expected = [tuple(at(f"2026-03-29T{each}+00:00") for each in row) for row in worked]
    expected.append((at("2026-03-31T08:00+00:00"), at("2026-03-31T09:00+00:00")))
    assert periods(cal, at("2026-03-28T12:00+00:00"), len(expected)) == expected


def test_a_clock_time_that_occurs_twice_means_its_first_occurrence():
    cal = calendar({}, "America/Los_Angeles", date_hours={"2014-11-02": [["00:30", "01:30"], ["01:45", "03:00"]]})
    rows = periods(cal, at("2014-11-02T00:00+00:00"), 2)
    assert rows == [
        (at("2014-11-02T00:30-07:00"), at("2014-11-02T01:30-07:00")),
        (at("2014-11-02T01:45-07:00"), at("2014-11-02T03:00-08:00")),
    ]


def test_no_days_from_the_second_occurrence_of_a_clock_time_is_now():
    cal = calendar(every_day(("00:00", "24:00")), "America/Los_Angeles")
    second = at("2014-11-02T01:30-08:00")
    assert due_days(cal, second, 0) == second


def test_an_instant_set_back_over_midnight_belongs_to_the_day_that_had_begun():
    # At one minute past midnight the clocks of St. John's went back to 23:01 of the day before.
    cal = calendar({}, "America/St_Johns", date_hours={"1990-10-28": [["00:00", "24:00"]]})
    again = at("1990-10-27T23:30-03:30")
    assert shift(cal, again, -600) == again - timedelta(seconds=600)
    assert due(cal, again, 600) == again + timedelta(seconds=600)


def test_reminder_levels_and_pauses_cross_a_clock_change_in_working_time():
    cal = calendar(every_day(("00:00", "24:00")), "Europe/Berlin")
    start, pause = at("2026-03-28T22:00+01:00"), (at("2026-03-29T01:30+01:00"), at("2026-03-29T03:30+02:00"))
    finish = due(cal, start, 8 * HOUR, [pause])
    assert finish == at("2026-03-29T08:00+02:00")
    assert shift(cal, finish, -6 * HOUR) == at("2026-03-29T01:00+01:00")
    assert shift(cal, at("2026-10-25T04:00+01:00"), -3 * HOUR) == at("2026-10-25T02:00+02:00")


@pytest.mark.parametrize(
    "wall", [datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 2, 30, fold=1), "2026-03-29T02:30"]
)
def test_a_clock_time_in_the_gap_moves_one_hour_on(wall):
    assert instant(wall, "Europe/Berlin") == instant(wall, ZoneInfo("Europe/Berlin")) == at("2026-03-29T03:30+02:00")


# ---- what is refused


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"weekly": {}}, "no working hours at all"),
        ({"weekly": {"mon": [], "tue": []}, "date_hours": {"2026-06-05": []}}, "no working hours at all"),
        ({"weekly": {"monday": [["09:00", "17:00"]]}}, "'monday' is not a day"),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "mon: the period 09:00-09:00 is empty"),
        ({"weekly": {"mon": [["17:00", "09:00"]]}}, "mon: the period 17:00-09:00 is reversed"),
        ({"weekly": {"mon": [["24:00", "24:00"]]}}, "is empty"),
        ({"weekly": {"mon": [["12:00", "17:00"], ["09:00", "12:00:01"]]}}, "mon: two periods overlap"),
        ({"weekly": {"mon": [["09:00", "24:01"]]}}, "'24:01' is not a clock time"),
        ({"weekly": {"mon": [["9:00", "17:00"]]}}, "'9:00' is not a clock time"),
        ({"weekly": {"mon": [[9, 17]]}}, "9 is not a clock time"),
        ({"weekly": {"mon": [["09:00"]]}}, "is not a pair of start and end"),
        ({"weekly": {"mon": "09:00-17:00"}}, "mon is not a list"),
        ({"weekly": [["09:00", "17:00"]]}, "weekly is not an object"),
        ({"time_zone": "Mars/Olympus"}, "unknown time zone 'Mars/Olympus'"),
        ({"time_zone": "America"}, "unknown time zone"),
        ({"time_zone": "../etc/passwd"}, "unknown time zone"),
        ({"time_zone": "localtime"}, "unknown time zone"),
        ({"time_zone": ""}, "unknown time zone"),
        ({"time_zone": None}, "unknown time zone None"),
        ({"holidays": ["2026-02-30"]}, "'2026-02-30' is not a date"),
        ({"holidays": "2026-02-03"}, "holidays is not a list"),
        ({"date_hours": {"2026-06-05": [["10:00", "12:00"], ["11:00", "13:00"]]}}, "2026-06-05: two periods overlap"),
        ({"date_hours": {"5 June": []}}, "'5 June' is not a date"),
        ({"closures": [["2026-06-05T10:00", "2026-06-05T11:00"]]}, "not a pair of instants with their offsets"),
        ({"closures": [["2026-06-05T11:00Z", "2026-06-05T10:00Z"]]}, "is reversed"),
        ({"closures": ["2026-06-05T11:00Z"]}, "not a pair of instants"),
    ],
)
def test_it_refuses_a_calendar_nobody_can_work_by(data, reason):
    with pytest.raises(InvalidCalendar, match=reason):
        Calendar.from_dict({"time_zone": "UTC", "weekly": every_day(("09:00", "17:00")), **data})


CLOSED = [["2026-06-05T17:00:00+00:00", "2028-06-05T09:00:00+00:00"]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal, start: due(cal, start, 8 * HOUR),
        lambda cal, start: due_days(cal, start, 1),
        lambda cal, start: shift(cal, start, 8 * HOUR),
        lambda cal, start: advance(cal, start + timedelta(days=1)),
        lambda cal, start: periods(cal, start, 9),
        lambda cal, start: add_working_days(cal, start.date(), 3),
        lambda cal, start: shift(cal, at("2028-06-05T10:00+00:00"), -8 * HOUR),
        lambda cal, start: shift_days(cal, at("2028-06-05T10:00+00:00"), -1),
    ],
)
def test_it_refuses_a_year_without_working_time_instead_of_looping(ask):
    cal, start = calendar(closures=CLOSED), at("2026-06-05T10:00+00:00")
    with pytest.raises(InvalidCalendar, match="no working time for 366 days"):
        ask(cal, start)


def test_366_days_without_working_time_are_waited_for_and_one_more_is_not():
    start = at("2026-06-05T10:00+00:00")
    near, far = (
        calendar({}, date_hours={"2026-06-05": [["09:00", "10:00"]], day: [["09:00", "10:00"]]})
        for day in ("2027-06-06", "2027-06-07")
    )
    assert advance(near, start) == at("2027-06-06T09:00+00:00")
    assert add_working_days(near, date(2026, 6, 5), 1) == date(2027, 6, 6)
    assert shift(near, at("2027-06-06T09:00+00:00"), -HOUR) == at("2026-06-05T09:00+00:00")
    for ask in (lambda: advance(far, start), lambda: add_working_days(far, date(2026, 6, 5), 1)):
        with pytest.raises(InvalidCalendar):
            ask()


def test_the_366_days_count_from_the_start_or_the_last_working_day_passed():
    hour = [["09:00", "10:00"]]
    yesterday = calendar({}, date_hours={"2026-06-04": hour, "2027-06-06": hour})
    assert advance(yesterday, at("2026-06-05T10:00+00:00")) == at("2027-06-06T09:00+00:00")
    closed = [["2026-06-15T00:00+00:00", "2027-06-13T00:00+00:00"]]
    after_friday = calendar({"mon": hour, "fri": hour}, closures=closed, date_hours={"2027-06-13": hour})
    assert due(after_friday, at("2026-06-07T00:00+00:00"), 3 * HOUR) == at("2027-06-13T10:00+00:00")


def test_elapsed_needs_no_working_time_and_a_reversed_interval_is_zero():
    start, end = at("2026-06-05T16:00+00:00"), at("2028-06-05T10:00+00:00")
    assert elapsed(calendar(closures=CLOSED), start, end) == 2 * HOUR
    assert elapsed(calendar(), end, start) == 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda: due(calendar(), datetime(2026, 6, 5, 10), HOUR),
        lambda: due(calendar(), at("2026-06-05T10:00Z"), -1),
        lambda: due(calendar(), at("2026-06-05T10:00Z"), 1, [(at("2026-06-05T12:00Z"), at("2026-06-05T11:00Z"))]),
        lambda: elapsed(calendar(), at("2026-06-05T10:00Z"), datetime(2026, 6, 5, 11)),
        lambda: instant(at("2026-06-05T10:00Z"), "UTC"),
    ],
)
def test_it_refuses_naive_instants_negative_budgets_and_reversed_pauses(ask):
    with pytest.raises(ValueError, match=r"time zone|negative|pause|offset"):
        ask()


# ---- cost and surroundings


def test_ten_years_cost_a_twentieth_of_stepping_through_minutes():
    free = [(date(2016, 1, 1) + timedelta(days=24 * each)).isoformat() for each in range(150)]
    cal = calendar(time_zone="Europe/Berlin", holidays=free)
    start, end = at("2016-01-01T00:00+00:00"), at("2026-01-01T00:00+00:00")
    before = stopwatch.perf_counter()
    budget = elapsed(cal, start, end)
    finish = due(cal, start, budget)
    engine = (stopwatch.perf_counter() - before) / 2
    assert elapsed(cal, start, finish) == budget

    before, zone, counted, moment = stopwatch.perf_counter(), ZoneInfo("Europe/Berlin"), 0, at("2017-01-01T00:00+00:00")
    for _ in range(365 * 1440 // 5):
        local = moment.astimezone(zone)
        if local.weekday() < 5 and local.date().isoformat() not in cal.holidays:
            counted += 9 * 60 <= local.hour * 60 + local.minute < 17 * 60 and local.hour != 12
        moment += timedelta(minutes=1)
    stepping = (stopwatch.perf_counter() - before) * 50
    assert counted > 0
    assert stepping > 20 * engine


@pytest.mark.parametrize("server", ["America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_the_zone_of_the_server_does_not_matter(server, monkeypatch):
    cal = calendar(time_zone="Europe/Berlin", holidays=["2026-04-03"])
    start = at("2026-03-27T15:30:00+01:00")
    pauses = [(at("2026-03-30T10:00:00+02:00"), at("2026-03-30T11:00:00+02:00"))]

    def answers():
        return (
            due(cal, start, 60_000, pauses),
            elapsed(cal, start, at("2026-04-10T00:00:00+00:00"), pauses),
            due_days(cal, start, 5, pauses),
            shift(cal, start, -60_000),
            periods(cal, start, 5),
            instant("2026-03-29T02:30:00", "Europe/Berlin"),
        )

    here = answers()
    try:
        monkeypatch.setenv("TZ", server)
        stopwatch.tzset()
        assert answers() == here
    finally:
        monkeypatch.undo()
        stopwatch.tzset()
