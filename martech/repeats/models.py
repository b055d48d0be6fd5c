"""What was asked with a key is done once; who asks again with the same key gets the answer of the first time.

The answer is kept in the transaction of what it tells of: docs/decisions/0011-answers-are-kept-with-the-act.md.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models

from martech import turns
from martech.audit import context
from martech.operations import acting

KEPT = timedelta(hours=24)
"""How long an answer is given again; afterwards the key is as good as new."""
BATCH = 1000


class Answer(models.Model):
    """How a request that came with a key was answered.

    `request` is the fingerprint of what was asked; `body` is empty where the answer was a page's redirect.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    door = models.CharField(max_length=12)
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "door", "key"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.status} to {self.key}"


class Running(Exception):
    """The same key is being worked on elsewhere at this moment."""


@dataclass
class Turn:
    """One request with a key: `given` is the answer it had before; where there is none, `keep` takes this one's."""

    given: Answer | None
    made: Answer | None = None

    def keep(self, status: int, headers: Mapping[str, str], body: str = "") -> None:
        self.made = Answer(status=status, headers=dict(headers), body=body)


@contextmanager
def once(by: Any, key: str, request: str, *, wait: bool) -> Iterator[Turn]:
    """A turn for this person and key, in one act and transaction with whatever is done inside.

    Of two at once the second waits for the first or, without `wait`, raises Running; on SQLite it always waits.
    """
    with acting(by) as act:
        door = context.current().name
        if not turns.hold(f"{door}:{by.pk}:{key}", wait=wait):
            raise Running
        given = Answer.objects.filter(user=by, door=door, key=key).first()
        if given is not None and given.at <= act.at - KEPT:
            given.delete()
            given = None
        turn = Turn(given)
        yield turn
        if turn.made is not None:
            made = turn.made
            made.user, made.door, made.key, made.request, made.at = by, door, key, request, act.at
            made.save(force_insert=True)


def forget(at: datetime) -> int:
    """Remove what is past its time, in small batches; how many."""
    removed = 0
    while keys := list(Answer.objects.filter(at__lte=at - KEPT).order_by("at").values_list("pk", flat=True)[:BATCH]):
        removed += Answer.objects.filter(pk__in=keys).delete()[0]
    return removed
