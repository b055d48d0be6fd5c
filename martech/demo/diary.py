"""The acts of the story in the order in which they happened: planned in any order, carried out from the oldest on."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

OPENS, HOURS = time(8, 5), timedelta(hours=9)


class Diary:
    """Acts by days ago. Nobody works at weekends: what falls there happened on the Friday before."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._acts: list[tuple[int, Callable[[datetime], object]]] = []

    def day(self, ago: int) -> date:
        """The day so many days ago; a negative number lies ahead."""
        return self.today - timedelta(days=ago)

    def plan(self, ago: int, act: Callable[[datetime], object]) -> None:
        """Do this so many days ago, at least one; what is planned first on a day is done first."""
        if ago < 1:
            raise ValueError("History ends yesterday.")
        self._acts.append((ago, act))

    def __iter__(self) -> Iterator[tuple[datetime, Callable[[datetime], object]]]:
        """Every act with its instant, instants rising."""
        by_day: dict[date, list[Callable[[datetime], object]]] = defaultdict(list)
        for ago, act in sorted(self._acts, key=lambda pair: -pair[0]):
            day = self.day(ago)
            by_day[day - timedelta(days=max(0, day.weekday() - 4))].append(act)
        for day, acts in by_day.items():
            morning = timezone.make_aware(datetime.combine(day, OPENS))
            for place, act in enumerate(acts):
                yield morning + HOURS * place / len(acts), act
