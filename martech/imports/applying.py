"""Doing what a preview said, and taking it back: in batches, each with its progress in one transaction.

Whoever is killed in the middle loses at most the batch in hand, which was never committed; the next one goes on after
the last that was. Two at once do no harm: each batch begins with the import's row under lock.
"""

import logging
import time
from collections import Counter
from datetime import timedelta
from typing import Any, NamedTuple

import orjson
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from martech.audit.context import through
from martech.audit.models import Entry
from martech.bulk import BATCH, Bulk, Row
from martech.bulk.reversal import Reversal
from martech.bulk.undisturbed import undisturbed
from martech.folding import fold
from martech.imports import targets
from martech.imports.models import ImportBatch, ImportRow
from martech.imports.preview import ROWS, VENDOR, news, values_of

LEASE = timedelta(seconds=60)  # without a finished batch, after which another worker may go on
BUDGET = 600  # seconds on one import, after which the next sweep goes on
ATTEMPTS = 5  # without a finished batch, after which the import stops
LISTED = 1000  # rows an undo left, kept by name


class Waiting(NamedTuple):
    """What is read of a row that is to be applied."""

    pk: int
    position: int
    kind: str
    key: int | None
    version: int | None
    ref: str
    fields: dict[str, Any]


log = logging.getLogger(__name__)


def resume() -> int:
    """Go on with every import that waits or was interrupted. Returns how many."""
    keys = list(ImportBatch.objects.waiting(timezone.now()).values_list("pk", flat=True))
    for key in keys:
        run(key)
    return len(keys)


def run(key: int) -> None:
    """Work on one import until it is done, taken over by another worker, or cancelled."""
    at = timezone.now()
    held = ImportBatch.objects.waiting(at).filter(pk=key)
    if not held.update(lease_until=at + LEASE, attempts=F("attempts") + 1):
        return
    until = time.monotonic() + BUDGET
    try:
        sound: dict[str, set[Any]] = {}
        while _step(key, sound):
            if time.monotonic() > until:
                ImportBatch.objects.filter(pk=key).update(lease_until=None)
                return
    except (DatabaseError, SoftTimeLimitExceeded):
        raise
    except Exception:
        log.exception("IMP-%s stopped", key)
        _stop(key, "Something went wrong that should not. What was done so far stays and can be undone.")


def _stop(key: int, reason: str) -> None:
    ImportBatch.objects.filter(pk=key, status__in=ImportBatch.WORKING).update(
        status=ImportBatch.Status.FAILED, failure=reason, lease_until=None, finished_at=timezone.now()
    )


def _step(key: int, sound: dict[str, set[Any]]) -> bool:
    """One batch and its progress, together or not at all; whether there is more to do.

    `sound` keeps, by kind, the values that batches before this one found sound.
    """
    with undisturbed(), transaction.atomic():
        batch = (
            ImportBatch.objects.select_for_update(of=("self",), no_key=True).select_related("uploaded_by").get(pk=key)
        )
        if batch.status not in ImportBatch.WORKING:
            return False
        if batch.attempts > ATTEMPTS:
            batch.failure = f"It was begun {ATTEMPTS} times without getting further."
            return _finish(batch, ImportBatch.Status.FAILED)
        undoing = batch.status == ImportBatch.Status.UNDOING
        with through("import", origin=batch.number):
            more = _undo(batch) if undoing else _apply(batch, sound)
        if not more:
            return _finish(batch, ImportBatch.Status.UNDONE if undoing else ImportBatch.Status.DONE)
        batch.attempts, batch.lease_until = 1, timezone.now() + LEASE
        if not undoing:
            batch.status = ImportBatch.Status.RUNNING
        batch.save(update_fields=["attempts", "lease_until", "place", "applied", "status"])
    return True


def _finish(batch: ImportBatch, status: str) -> bool:
    batch.status, batch.lease_until, batch.finished_at = status, None, timezone.now()
    batch.save(update_fields=["status", "lease_until", "finished_at", "failure", "applied", "place"])
    return False


def _apply(batch: ImportBatch, sound: dict[str, set[Any]]) -> bool:
    """The next rows of one kind; whether there were any."""
    waiting = batch.rows.filter(outcome__in=("create", "update"), position__gt=batch.place).order_by("position")
    columns = waiting.annotate(told=Cast("fields", TextField())).values_list(
        "pk", "position", "kind", "key", "version", "ref", "told"
    )
    rows = [Waiting._make((*values, orjson.loads(told))) for *values, told in columns[:ROWS]]
    if not rows:
        return False
    kind = rows[0].kind
    rows = [row for row in rows if row.kind == kind]
    model, source = targets.model_of(kind), batch.settled.source.strip()
    named = {row.pk: {fold(name) for name in news(row.fields)} for row in rows}
    made = _made(set().union(*named.values()))
    going = [row for row in rows if named[row.pk] <= made.keys()]
    asked = [
        Row(values_of(model, row.fields, made), row.key, row.version, (source, row.ref) if row.ref else None)
        for row in going
    ]
    bulk = Bulk(
        model,
        by=batch.uploaded_by,
        act=batch.act,
        note=f"Import of {batch.file_name}",
        sound=sound.setdefault(kind, set()),
    )
    results = dict(zip((row.pk for row in going), bulk.batch(asked), strict=True))
    counts = Counter({name: number for name, number in batch.applied.items() if isinstance(number, int)})
    failed = []
    for row in rows:
        result = results.get(row.pk)
        outcome = result.outcome if result else "error"
        counts[outcome if kind == batch.kind else f"{outcome} {kind}"] += 1
        if outcome == "error":
            told = (
                [line for lines in result.errors.values() for line in lines] if result else ["Its vendor was not made."]
            )
            failed.append(ImportRow(pk=row.pk, outcome=ImportRow.Outcome.ERROR, reason=" ".join(told)))
    if failed:
        ImportRow.objects.bulk_update(failed, ["outcome", "reason"])
    batch.applied, batch.place = dict(counts), rows[-1].position
    return True


def _made(names: set[str]) -> dict[str, int]:
    """The vendors that rows name and that were made a moment ago."""
    if not names:
        return {}
    vendors = targets.model_of(VENDOR)._base_manager.filter(name_key__in=names, retired_at=None)
    return dict(vendors.values_list("name_key", "pk"))


def _undo(batch: ImportBatch) -> bool:
    """The latest entries of the import not yet taken back, of one kind; whether there were any."""
    entries = Entry.objects.filter(act=batch.act).order_by("-pk")
    if batch.place:
        entries = entries.filter(pk__lt=batch.place)
    some = list(entries[:BATCH])
    if not some:
        return False
    some = [entry for entry in some if entry.kind == some[0].kind]
    note = f"Undo of {batch.number}, {batch.file_name}"
    done = Reversal(targets.model_of(some[0].kind), by=batch.uploaded_by, note=note).take_back(some)
    undone = dict(batch.applied.get("undone") or {"restored": 0, "retired": 0, "left": 0, "rows": []})
    for one in done:
        undone[one.outcome] += 1
        if one.outcome == "left" and len(undone["rows"]) < LISTED:
            undone["rows"].append({"number": one.entry.number, "text": one.entry.text, "reason": one.reason})
    batch.applied = {**batch.applied, "undone": undone}
    batch.place = some[-1].pk
    return True
