"""Business time: the outside cases, a minute-stepping second implementation, and what must hold for any calendar."""

import json
import os
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

FOLDER = os.environ.get("SAMPLE_DATA")
SAMPLE = json.loads((Path(FOLDER) / "sla-cases.json").read_text()) if FOLDER else {}
NO_SAMPLE = [pytest.param({}, marks=pytest.mark.skip("SAMPLE_DATA does not name the folder of sla-cases.json"), id="-")]
NO_FUNCTION = {"end_of_nth_working_day", "start_of_nth_working_day_back", "shift_back_zero"}
REFUSED_ON_INPUT = {"odoo-overlap"}
CLOSED_DAY = {"wh-reject-empty-day"}


def samples(kind, left_out):
    return [pytest.param(case, id=case["id"]) for case in SAMPLE.get(kind, ()) if not left_out(case)] or NO_SAMPLE


def every_day(*spans):
    return {day: [list(span) for span in spans] for day in WEEKDAYS}


def at(text):
    return datetime.fromisoformat(text)


# ---- the outside cases


@pytest.mark.sample
@pytest.mark.parametrize(
    "case", samples("cases", lambda case: case["operation"] in NO_FUNCTION or case["id"] in REFUSED_ON_INPUT)
)
def test_an_outside_case_comes_out_as_its_source_says(case):
    cal = Calendar.from_dict(SAMPLE["calendars"][case["calendar"]]) if case["calendar"] else None
    start = at(case["start"]) if "start" in case else None
    pauses = [(at(begins), at(ends)) for begins, ends in case.get("pauses", ())]
    match case["operation"]:
        case "due":
            paused = 0 if pauses else case.get("paused_working_seconds", 0)
            got = due(cal, start, case["duration_seconds"] + paused, pauses)
        case "due_days":
            got = due_days(cal, start, case["business_days"], pauses, end_of_day=case.get("end_of_working_day", False))
        case "shift":
            got = shift(cal, start, case["duration_seconds"])
        case "shift_days":
            got = shift_days(cal, start, case["business_days"])
        case "advance":
            got = advance(cal, start)
        case "elapsed":
            got = elapsed(cal, start, at(case["end"]), pauses)
        case "paused_working_seconds":
            got = sum(elapsed(cal, begins, ends) for begins, ends in pauses)
        case "next_periods":
            got = [list(period) for period in periods(cal, start, case["count"])]
        case "date_plus_days":
            got = add_working_days(cal, date.fromisoformat(case["start_date"]), case["business_days"])
        case "wall_clock_to_instant":
            got = instant(case["wall_clock"], case["time_zone"])
    # Where a source gives the next opening for a budget used up at closing, the file names the closing time beside it.
    expected = case.get("equivalent_expected", case["expected"])
    match got:
        case datetime():
            expected = at(expected)
            got -= timedelta(seconds=int(got.timestamp()) % case.get("precision_seconds", 1))
        case list():
            expected = [[at(begins), at(ends)] for begins, ends in expected]
        case date():
            expected = date.fromisoformat(expected)
    assert got == expected
    if "remaining_seconds_at_end" in case:
        assert case["target_seconds"] - got == case["remaining_seconds_at_end"]


@pytest.mark.sample
@pytest.mark.parametrize("case", samples("calendar_validation", lambda case: case["id"] in CLOSED_DAY))
def test_an_outside_calendar_is_accepted_or_refused_as_its_source_says(case):
    data = {"time_zone": "UTC", "weekly": every_day(("09:00", "17:00")), **case}
    if case["valid"]:
        assert Calendar.from_dict(data).zone == ZoneInfo("UTC")
    else:
        with pytest.raises(InvalidCalendar):
            Calendar.from_dict(data)


@pytest.mark.sample
def test_overlapping_periods_of_an_outside_calendar_are_refused():
    if not SAMPLE:
        pytest.skip("SAMPLE_DATA does not name the folder of sla-cases.json")
    with pytest.raises(InvalidCalendar, match="wed: two periods overlap"):
        Calendar.from_dict(SAMPLE["calendars"]["odoo-jean-overlap"])


# ---- a second implementation, minute by minute


class Minutes:
    """Forty days of one zone as a table of UTC minutes, each with the clock time it shows."""

    DAYS = 40

    def __init__(self, zone, first):
        self.begin = datetime.combine(first, datetime.min.time(), UTC) - timedelta(days=2)
        self.count = (self.DAYS + 4) * 1440
        self.zone, self.first = zone, first
        shown = ZoneInfo(zone)
        self.walls = [
            (self.begin + timedelta(minutes=each)).astimezone(shown).replace(tzinfo=None) for each in range(self.count)
        ]
        self.showing = {}
        for minute, wall in enumerate(self.walls):
            self.showing.setdefault(wall, minute)

    def minute(self, day, clock):
        """The first minute that shows a clock time; inside a gap as long after the gap's start as the clock says."""
        wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=clock)
        if wall not in self.showing:
            after = next(each for each in range(self.count) if self.walls[each] > wall)
            before = self.walls[after - 1] + timedelta(minutes=1)
            return after + int((wall - before).total_seconds()) // 60
        return self.showing[wall]

    def working(self, data, pauses=()):
        flags = bytearray(self.count)
        for offset in range(self.DAYS):
            day = self.first + timedelta(days=offset)
            rows = data["date_hours"].get(day.isoformat(), data["weekly"].get(WEEKDAYS[day.weekday()], []))
            dawn, dusk = self.minute(day, 0), self.minute(day + timedelta(days=1), 0)
            for opens, closes in [] if day.isoformat() in data["holidays"] else rows:
                for each in range(self.minute(day, clock(opens)), self.minute(day, clock(closes))):
                    if dawn <= each < dusk:
                        flags[each] = 1
        for begins, ends in [*data["closures"], *pauses]:
            for each in range(self.at(at(begins)), self.at(at(ends))):
                flags[each] = 0
        return flags

    def at(self, moment):
        return int((moment - self.begin).total_seconds()) // 60

    def due(self, flags, start, seconds):
        position = int((start - self.begin).total_seconds())
        while True:
            if flags[position // 60]:
                step = min(60 - position % 60, seconds)
                position, seconds = position + step, seconds - step
                if not seconds:
                    return self.begin + timedelta(seconds=position)
            else:
                position += 60 - position % 60

    def elapsed(self, flags, start, end):
        position, last = int((start - self.begin).total_seconds()), int((end - self.begin).total_seconds())
        total = 0
        while position < last:
            step = min(60 - position % 60, last - position)
            total, position = total + step * flags[position // 60], position + step
        return total


def clock(text):
    return int(text[:2]) * 60 + int(text[3:])


SCENES = [
    ("Europe/Berlin", date(2026, 3, 16)),
    ("Europe/Berlin", date(2026, 10, 12)),
    ("America/New_York", date(2026, 2, 25)),
    ("America/Los_Angeles", date(2025, 10, 20)),
    ("Australia/Lord_Howe", date(2026, 3, 25)),
    ("Australia/Lord_Howe", date(2026, 9, 20)),
    ("America/Sao_Paulo", date(2017, 10, 2)),
    ("America/Sao_Paulo", date(2018, 2, 5)),
    ("America/Havana", date(2025, 10, 20)),
    ("America/Scoresbysund", date(2025, 3, 15)),
    ("Africa/Casablanca", date(2026, 2, 1)),
    ("Pacific/Apia", date(2011, 12, 15)),
    ("Asia/Kathmandu", date(2026, 1, 5)),
    ("UTC", date(2024, 2, 19)),
]


def random_rows(dice):
    edges = sorted(dice.sample([*range(0, 1440, 15), 1440], dice.choice([0, 2, 2, 4, 4, 6])))
    edges = [f"{each // 60:02}:{each % 60:02}" for each in edges]
    return [list(row) for row in zip(edges[::2], edges[1::2], strict=True)]


def random_spans(dice, first, count):
    spans = []
    for _ in range(count):
        begins = datetime.combine(first, datetime.min.time(), UTC) + timedelta(minutes=dice.randrange(20 * 1440))
        spans.append(
            (begins.isoformat(), (begins + timedelta(minutes=dice.choice([0, 7, 90, 1500, 4000]))).isoformat())
        )
    return spans


def random_calendar(dice, zone, first):
    days = [(first + timedelta(days=each)).isoformat() for each in range(Minutes.DAYS)]
    data = {
        "time_zone": zone,
        "weekly": {day: random_rows(dice) for day in WEEKDAYS}
        | {"wed": [["10:00", "16:00"]], "thu": [["08:00", "24:00"]]},
        "holidays": dice.sample(days[:20], dice.choice([0, 0, 2])),
        "closures": random_spans(dice, first, dice.choice([0, 0, 2])),
        "date_hours": {day: random_rows(dice) for day in dice.sample(days[:20], dice.choice([0, 0, 3]))},
    }
    return data if dice.random() < 0.8 else {**data, "weekly": every_day(("00:00", "24:00"))}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene[0]}-{scene[1]}")
def test_it_agrees_with_stepping_through_minutes(scene):
    zone, first = scene
    dice, table = random.Random(f"{zone} {first}"), Minutes(zone, first)
    for _ in range((10_000 if os.environ.get("FULL") == "1" else 350) // len(SCENES) + 1):
        data = random_calendar(dice, zone, first)
        cal, pauses = Calendar.from_dict(data), random_spans(dice, first, dice.choice([0, 1, 3]))
        flags = table.working(data, pauses)
        paused = [(at(begins), at(ends)) for begins, ends in pauses]
        start = datetime.combine(first, datetime.min.time(), UTC) + timedelta(
            seconds=dice.randrange(86_400, 12 * 86_400)
        )
        end = start + timedelta(seconds=dice.randrange(20 * 86_400))
        seconds = dice.choice([1, 60, 3599, dice.randrange(1, 150_000)])
        assert elapsed(cal, start, end, paused) == table.elapsed(flags, start, end), (data, pauses, start, end)
        assert due(cal, start, seconds, paused) == table.due(flags, start, seconds), (data, pauses, start, seconds)


# ---- what holds for any calendar


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata"]
SPRING, AUTUMN = (datetime(2018, 2, 1), datetime(2018, 4, 10)), (datetime(2017, 10, 1), datetime(2017, 11, 20))
instants = st.one_of(st.datetimes(*SPRING), st.datetimes(*AUTUMN)).map(
    lambda wall: wall.replace(microsecond=0, tzinfo=UTC)
)
budgets = st.integers(0, 40 * 28_800)
pauses_lists = st.lists(
    st.tuples(instants, st.integers(0, 12 * 86_400)).map(lambda pair: (pair[0], pair[0] + timedelta(seconds=pair[1]))),
    max_size=4,
)


@st.composite
def calendars(draw):
    dice = random.Random(draw(st.integers(0, 10**6)))
    return Calendar.from_dict(random_calendar(dice, draw(st.sampled_from(ZONES)), draw(instants).date()))


def near(start, pauses):
    """The pauses moved to the weeks after the start, where they matter."""
    origin = AUTUMN[0].replace(tzinfo=UTC)
    return [(start + (begins - origin) / 24, start + (ends - origin) / 24) for begins, ends in pauses]


quick = settings(max_examples=80, deadline=None)


@quick
@given(calendars(), instants, budgets, pauses_lists)
def test_working_time_up_to_the_due_instant_is_the_budget(cal, start, seconds, pauses):
    pauses = near(start, pauses)
    finish = due(cal, start, seconds, pauses)
    assert elapsed(cal, start, finish, pauses) == seconds
    if seconds:
        assert elapsed(cal, start, finish - timedelta(seconds=1), pauses) == seconds - 1
    else:
        assert elapsed(cal, finish, finish + timedelta(seconds=1), pauses) == 1


@quick
@given(calendars(), st.tuples(instants, instants, instants).map(sorted), pauses_lists)
def test_working_time_adds_up_over_any_cut(cal, cuts, pauses):
    first, middle, last = cuts
    parts = elapsed(cal, first, middle, pauses) + elapsed(cal, middle, last, pauses)
    assert parts == elapsed(cal, first, last, pauses)
    assert elapsed(cal, last, first, pauses) == 0


@settings(max_examples=15, deadline=None)
@given(calendars(), instants)
def test_whole_weeks_count_what_their_days_count(cal, start):
    days = [start + timedelta(days=each) for each in range(201)]
    by_day = sum(elapsed(cal, begins, ends) for begins, ends in pairwise(days))
    assert elapsed(cal, start, days[-1]) == by_day


@quick
@given(calendars(), instants, budgets, budgets, pauses_lists)
def test_a_budget_spent_in_two_parts_is_due_at_the_same_instant(cal, start, first, second, pauses):
    pauses = near(start, pauses)
    assert due(cal, due(cal, start, first, pauses), second + 1, pauses) == due(cal, start, first + second + 1, pauses)


@quick
@given(calendars(), instants, budgets, st.integers(0, 100_000), st.integers(0, 10 * 86_400))
def test_a_later_start_or_a_larger_budget_is_never_due_earlier(cal, start, seconds, more, later):
    assert due(cal, start, seconds) <= due(cal, start, seconds + more)
    assert due(cal, start, seconds) <= due(cal, start + timedelta(seconds=later), seconds)


@quick
@given(calendars(), instants, budgets, pauses_lists, st.fractions(0, 1), st.integers(-5, 12), st.booleans())
def test_splitting_shuffling_or_doubling_a_pause_changes_nothing(cal, start, seconds, pauses, part, days, end_of_day):
    pauses = near(start, pauses)
    split = []
    for begins, ends in pauses:
        middle = begins + timedelta(seconds=int((ends - begins).total_seconds() * part))
        split += [(middle, ends), (begins, middle), (middle, middle), (begins, ends)]
    assert due(cal, start, seconds, split) == due(cal, start, seconds, pauses)
    assert due_days(cal, start, days, split, end_of_day) == due_days(cal, start, days, pauses, end_of_day)
    end = start + timedelta(days=30)
    assert elapsed(cal, start, end, split) == elapsed(cal, start, end, pauses)


@quick
@given(calendars(), instants, st.integers(1, 40 * 28_800), pauses_lists, st.integers(1, 100))
def test_a_reminder_level_lies_its_working_time_before_the_due_instant(cal, start, seconds, pauses, percent):
    finish = due(cal, start, seconds, near(start, pauses))
    before = max(1, seconds * percent // 100)
    level = shift(cal, finish, -before)
    assert elapsed(cal, level, finish) == before
    assert advance(cal, level) == level
    assert shift(cal, level, before) == finish


@quick
@given(calendars(), instants, st.integers(1, 40))
def test_periods_follow_each_other_and_hold_the_working_time(cal, start, count):
    rows = periods(cal, start, count)
    assert len(rows) == count
    assert all(begins < ends for begins, ends in rows)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(rows))
    assert sum((ends - begins).total_seconds() for begins, ends in rows) == elapsed(cal, start, rows[-1][1])
    assert advance(cal, start) == rows[0][0]


@quick
@given(calendars(), instants, st.integers(0, 60))
def test_working_days_back_undo_working_days_forth(cal, start, days):
    first = add_working_days(cal, start.date(), 0)
    assert add_working_days(cal, add_working_days(cal, first, days), -days) == first
