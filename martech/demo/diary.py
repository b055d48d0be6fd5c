"""The acts of the story in the order in which they happened: planned in any order, carried out from the oldest on."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from martech.operations import Record

OPENS, HOURS, PACE = time(8, 5), timedelta(hours=9), timedelta(minutes=7)


class Of(NamedTuple):
    """A record of the story that will be there when the act is carried out; without a name, None."""

    kind: str
    name: str


class Diary:
    """Acts by days ago. Nobody works at weekends: what falls there happened on the Friday before."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.records: dict[Of, Any] = {}
        self._acts: list[tuple[int, Callable[[datetime], object]]] = []

    def day(self, ago: int) -> date:
        """The day so many days ago; a negative number lies ahead."""
        return self.today - timedelta(days=ago)

    def worked(self, ago: int) -> date:
        """The day on which what is planned for so many days ago happens."""
        day = self.day(ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def plan(self, ago: int, act: Callable[[datetime], object]) -> None:
        """Do this so many days ago, at least one; what is planned first on a day is done first."""
        if ago < 1:
            raise ValueError("History ends yesterday.")
        self._acts.append((ago, act))

    def adds(self, ago: int, record: Of, model: type[Record], who: str, **fields: Any) -> None:
        """Somebody adds a record; fields may name others with Of, alone or in a list."""

        def act(at: datetime) -> None:
            self.records[record] = model.add(by=self.records[Of("person", who)], at=at, **self._found(fields))

        self.plan(ago, act)

    def does(self, ago: int, record: Of, verb: str, who: str, **given: Any) -> None:
        """Somebody does something to a record."""

        def act(at: datetime) -> None:
            getattr(self.records[record], verb)(by=self.records[Of("person", who)], at=at, **self._found(given))

        self.plan(ago, act)

    def live(self) -> None:
        """Carry out everything, instants rising."""
        by_day: dict[date, list[Callable[[datetime], object]]] = defaultdict(list)
        for ago, act in sorted(self._acts, key=lambda pair: -pair[0]):
            by_day[self.worked(ago)].append(act)
        for day, acts in by_day.items():
            span = min(HOURS, PACE * len(acts))
            begin = (
                timezone.make_aware(datetime.combine(day, OPENS)) + (HOURS - span) * (day.toordinal() * 37 % 100) / 100
            )
            for place, act in enumerate(acts):
                act(begin + span * place / len(acts))

    def _found(self, given: dict[str, Any]) -> dict[str, Any]:
        return {name: self._one(value) for name, value in given.items()}

    def _one(self, value: Any) -> Any:
        if isinstance(value, Of):
            return self.records[value] if value.name else None
        return [self._one(each) for each in value] if isinstance(value, list) else value
