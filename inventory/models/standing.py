"""How contracts stand: their days follow from the terms, the calendar and the day, and are written by nobody else.

They are settled with every act on a contract, anew where the calendar of the organisation or a system changes, and by
a job for days that merely pass. A day that passes is no act: it leaves no trace in the trail and no new version.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from inventory.models.contract import DERIVED, Contract
from martech.calendars.models import Calendar, organisation
from martech.inserting import update_all

BATCH = 1000
WRITTEN = (*DERIVED, "term_number", "status", "stands_until")


def settle(records: Sequence[Any], by: Any, at: datetime) -> None:
    """After an act on contracts: their days, and whether they cover what is confidential."""
    today = timezone.localdate(at)
    keys = [one.pk for one in records]
    closed, moved = set(_covering(keys)), []
    for one, other in zip(records, _reckoned(records, today), strict=True):
        hidden = one.pk in closed
        if other or one.confidential != hidden:
            one.confidential = hidden
            moved.append(one)
    update_all(moved, (*WRITTEN, "confidential"))
    transaction.on_commit(lambda: _close(Contract._base_manager.filter(pk__in=keys)))


def _reckoned(contracts: Iterable[Contract], today: date) -> list[bool]:
    """Of each contract whether its days are others than before; the calendar is read once, and only if it is asked."""
    contracts = list(contracts)
    calendar = organisation() if any(one.whole and not one.retired_at for one in contracts) else Calendar()
    off, weekend = calendar.off(), calendar.weekend()
    return [_reckon(one, today, off, weekend) for one in contracts]


def _reckon(contract: Contract, today: date, off: Container[date], weekend: Collection[int]) -> bool:
    if contract.retired_at or not contract.whole:
        return contract.stand(None, None)
    terms = contract.terms()
    seen = terms.on(today, off, weekend)
    return contract.stand(seen, terms.until(today, seen))


def _covering(keys: Sequence[int]) -> Iterable[int]:
    """Of these contracts, those that cover a confidential system."""
    through = Contract.systems.through.objects
    rows = through.filter(contract__in=keys, system__confidential=True)
    return rows.values_list("contract_id", flat=True).distinct()


def systems_changed(records: Sequence[Any], by: Any, at: datetime) -> None:
    """A system that is confidential from now on, or no longer, closes or opens the contracts that cover it."""
    mine = Contract.systems.through.objects.filter(system__in=[one.pk for one in records]).values("contract")
    rows = Contract._base_manager.filter(pk__in=mine)
    _close(rows)
    transaction.on_commit(lambda: _close(rows))


def close() -> None:
    """The same for every contract, as a process may have died between an act and what it does after its commit."""
    _close(Contract._base_manager.all())


def _close(rows: Any) -> None:
    """Acts on a contract and on its system at one instant do not see each other: the later to commit looks again."""
    covers = Exists(Contract.systems.through.objects.filter(contract=OuterRef("pk"), system__confidential=True))
    with transaction.atomic():
        stale = rows.exclude(confidential=covers).select_for_update(no_key=True).order_by("pk")
        if keys := list(stale.values_list("pk", flat=True)):
            Contract._base_manager.filter(pk__in=keys).update(confidential=covers)


def calendar_changed(records: Sequence[Any], by: Any, at: datetime) -> None:
    """Other holidays or working days of the organisation: the job reckons every contract anew when it next runs."""
    if any(one.is_default for one in records):
        yesterday = timezone.localdate(at) - timedelta(days=1)
        Contract.objects.current().exclude(stands_until=None).update(stands_until=yesterday)


def roll(at: datetime) -> int:
    """Reckon the next contracts whose days hold no longer, BATCH at most; how many.

    Rows somebody is changing are waited for, and read as they are then. In as many statements for one as for BATCH.
    """
    today = timezone.localdate(at)
    rows = Contract.objects.moved_on(today).select_for_update(no_key=True).order_by("pk")
    found = list(rows[:BATCH])
    _reckoned(found, today)
    update_all(found, WRITTEN)
    return len(found)
