"""A person leaves: their letters fall vacant the same day and one hand-over names everything they held."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from governance.models import Assignment, Handover
from martech.operations import acting, record_entry
from martech.picture import difference, labelled, picture


def leave(person: Any, by: Any, at: datetime) -> None:
    """Follows `accounts.retire_user`; a constant number of statements however many letters."""
    Handover.of_leaver(person, vacate(person, by, at), by=by, at=at)


def vacate(person: Any, by: Any, at: datetime) -> list[Assignment]:
    """End the person's letters the day before; those that had not begun never count. One trail entry for each."""
    today = timezone.localdate(at)
    before = today - timedelta(days=1)
    mine = Assignment.objects.standing(today).filter(person=person)
    rows = list(
        mine.select_for_update(no_key=True, of=("self",))
        .select_related("system", "activity", "person", "function")
        .order_by("pk")
    )
    if not rows:
        return []
    with acting(by, at) as act:
        for row in rows:
            was = picture(row)
            row.ended_by_leaving, row.version, row.changed_at = True, row.version + 1, at
            if row.from_on <= before:
                row.to_on = row.last_on = before
            else:
                row.retired_at = at
            record_entry(row, act, "end", labelled(row, difference(was, picture(row))), f"{person} left.")
        told = {"ended_by_leaving": True, "changed_at": at, "version": F("version") + 1}
        mine.filter(from_on__gt=before).update(retired_at=at, **told)
        mine.filter(from_on__lte=before).update(to_on=before, last_on=before, **told)
    return rows
