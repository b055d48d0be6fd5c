"""Reading the trail onwards, from where one stopped: nothing is passed over and nothing read twice.

The database gives ids in the order of commits (martech/audit/triggers.py), so going by id is enough.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from martech.audit.models import Entry, Place


def end() -> int:
    """The id of the latest entry; 0 where there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def onwards(after: int, most: int) -> list[Entry]:
    """The next entries in the order of commits: at most `most`, but the last act whole."""
    entries = list(Entry.objects.filter(pk__gt=after).order_by("pk").select_related("by")[:most])
    if len(entries) == most:
        last = entries[-1]
        entries += Entry.objects.filter(act=last.act, pk__gt=last.pk).order_by("pk").select_related("by")
    return entries


@contextmanager
def reading(name: str, most: int = 500) -> Iterator[list[Entry]]:
    """The next entries for the reader of this name, in one transaction with what it makes of them.

    Two at once take turns; one that fails has read nothing. A new reader begins at the end of the trail.
    """
    with transaction.atomic():
        place, _ = Place.objects.select_for_update().get_or_create(name=name, defaults={"entry": end})
        entries = onwards(place.entry, most)
        yield entries
        if entries:
            Place.objects.filter(pk=name).update(entry=entries[-1].pk)
