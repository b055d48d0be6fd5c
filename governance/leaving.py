"""A person leaves: their letters fall vacant the same day and one hand-over names everything they held.

From that day nobody stands in for them, or has them as a deputy.

They come back: nothing returns by itself, all of it is offered back.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from governance import holdings
from governance.models import Assignment, Handover, HandoverItem, StandIn
from martech.inserting import update_all
from martech.operations import acting, begin, record_entry
from martech.picture import difference, labelled, picture


def leave(people: Sequence[Any], by: Any, at: datetime) -> None:
    """Follows `accounts.retire_user`; a constant number of statements however many letters."""
    for person in people:
        Handover.of_leaver(person, vacate(person, by, at), by=by, at=at)
        end_stand_ins(person, by, at)


def vacate(person: Any, by: Any, at: datetime) -> list[Assignment]:
    """End the person's letters the day before; those that had not begun never count. One trail entry for each."""
    mine = Assignment.objects.standing(timezone.localdate(at)).filter(person=person)
    return _ended(mine.select_related("system", "activity", "person", "function"), person, by, at, "to_on", "last_on")


def end_stand_ins(person: Any, by: Any, at: datetime) -> None:
    """Nobody stands in for the person or has them as a deputy any longer. One trail entry for each period."""
    theirs = StandIn.objects.standing(timezone.localdate(at)).of(person)
    _ended(theirs.select_related("person", "deputy"), person, by, at, "to_on")


def _ended(held: Any, person: Any, by: Any, at: datetime, *last: str) -> list[Any]:
    """End each the day before, on its fields `last`; what had not begun never counts. Two statements."""
    before = timezone.localdate(at) - timedelta(days=1)
    rows = list(held.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if not rows:
        return rows
    with acting(by, at) as act:
        for row in rows:
            was = picture(row)
            row.ended_by_leaving, row.version, row.changed_at = True, row.version + 1, at
            if row.from_on <= before:
                vars(row).update(dict.fromkeys(last, before))
            else:
                row.retired_at = at
            record_entry(row, act, "end", labelled(row, difference(was, picture(row))), f"{person} left.")
        update_all(rows, ("ended_by_leaving", "version", "changed_at", "retired_at", *last))
    return rows


def come_back(people: Sequence[Any], by: Any, at: datetime) -> None:
    """Follows `accounts.restore_user`: what waits is proposed to them, what others took is offered by each of those."""
    for person in people:
        _come_back(person, by, at)


def _come_back(person: Any, by: Any, at: datetime) -> None:
    for made in Handover.objects.current().filter(person=person, cause=Handover.Cause.LEAVING):
        made.offer_back(by=by, note=f"{person} is back.")
    last = Handover.objects.filter(person=person, cause=Handover.Cause.LEAVING, status=Handover.Status.ACCEPTED)
    taken: dict[Any, list[HandoverItem]] = defaultdict(list)
    for item in HandoverItem.objects.filter(handover=last.order_by("-pk").first(), passed_over=False).select_related(
        "successor"
    ):
        if item.successor and item.successor.signs_in and item.successor_id != person.pk:
            taken[item.successor].append(item)
    for successor, items in taken.items():
        rows = _offered(successor, items, timezone.localdate(at))
        if rows:
            made = begin(Handover(person=successor, receiver=person), by=by, at=at, note=f"{person} is back.")
            for row in rows:
                row.handover, row.successor = made, person
            HandoverItem.objects.bulk_create(rows)


def _offered(successor: Any, items: list[HandoverItem], today: Any) -> list[HandoverItem]:
    """The things as the successor holds them now: a letter is one of theirs today, or is not offered."""
    cell = ("system", "activity", "letter")
    was = Assignment.objects.in_bulk([item.key for item in items if item.kind == holdings.LETTER])
    mine = {
        tuple(row[1:]): row[0]
        for row in Assignment.objects.valid(today).filter(person=successor).values_list("pk", *cell)
    }
    rows = []
    for item in items:
        key: int | None = item.key
        if item.kind == holdings.LETTER:
            old = was[item.key]
            key = mine.get((old.system_id, old.activity_id, old.letter))
        if key is not None:
            rows.append(HandoverItem(kind=item.kind, key=key, field=item.field, label=item.label, text=item.text))
    return rows
