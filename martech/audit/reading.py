"""Reading the trail onwards, from where one stopped: nothing is passed over and nothing read twice.

The database gives ids in the order of commits (martech/audit/triggers.py), so going by id is enough.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce

from martech.audit.models import Entry, Place

BEYOND = 2**62
"""More than any id."""


def end() -> int:
    """The id of the latest entry; 0 where there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def onwards(after: int, most: int) -> list[Entry]:
    """The next entries in the order of commits: at most `most`, but what the last act wrote in one go whole.

    An import is one act in several transactions; what others wrote between two of them stays where it is.
    """
    rows = Entry.objects.order_by("pk").select_related("by")
    entries = list(rows.filter(pk__gt=after)[:most])
    if len(entries) == most:
        last = entries[-1]
        others = Entry.objects.filter(pk__gt=last.pk).exclude(act=last.act).order_by("pk").values("pk")[:1]
        entries += rows.filter(act=last.act, pk__gt=last.pk, pk__lt=Coalesce(Subquery(others), BEYOND))
    return entries


@contextmanager
def reading(name: str, most: int = 500) -> Iterator[list[Entry]]:
    """The next entries for the reader of this name, in one transaction with what it makes of them.

    Two at once take turns; one that fails has read nothing. A new reader begins at the end of the trail.
    """
    with transaction.atomic():
        place, _ = Place.objects.select_for_update().get_or_create(name=name, defaults={"entry": cast(Any, end)})
        entries = onwards(place.entry, most)
        yield entries
        if entries:
            Place.objects.filter(pk=name).update(entry=entries[-1].pk)
