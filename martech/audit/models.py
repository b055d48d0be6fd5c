"""The trail: one row per act and record, never changed, never removed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.dispatch import Signal

INSTEAD = "instead_of"
"""Among the changes of an entry: in whose place it was done, as {"id": 3, "text": "Fiona Garrity"}."""
# Sent once per act, inside its transaction, with `entries`: what listeners write is kept or lost with the act itself.
recorded = Signal()


class Entry(models.Model):
    """What happened to one record in one act.

    `changes` maps a field to [before, after]; a related record is {"id": 12, "text": "Acme"}. `version` is the
    record's version after the act. Entries of one act share `act`.
    """

    act = models.UUIDField("act")
    at = models.DateTimeField("when")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="who")
    door = models.CharField("through", max_length=12)
    origin = models.CharField("origin", max_length=120, blank=True)
    request_id = models.CharField("request", max_length=64, blank=True)
    kind = models.CharField("kind of record", max_length=60)
    key = models.BigIntegerField("record")
    number = models.CharField("number", max_length=24)
    text = models.CharField("name then", max_length=200, blank=True)
    verb = models.CharField("verb", max_length=40)
    version = models.PositiveIntegerField("version", default=0)
    changes = models.JSONField("changes", default=dict)
    note = models.TextField("note", blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = "trail entry"
        verbose_name_plural = "trail"
        indexes = [
            models.Index(fields=["kind", "key", "id"], name="entry_record"),
            models.Index(fields=["kind", "id"], name="entry_kind"),
            models.Index(fields=["by", "id"], name="entry_by"),
            models.Index(fields=["act"], name="entry_act"),
            models.Index(fields=["at"], name="entry_at"),
            models.Index(fields=["origin", "id"], condition=~models.Q(origin=""), name="entry_origin"),
            models.Index(fields=["kind", "key", "id"], condition=models.Q(verb="remark"), name="entry_remarks"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"

    @property
    def instead_of(self) -> str:
        """The name of whom somebody acted for as a deputy; empty where they acted for themselves."""
        return str(self.changes[INSTEAD][1]["text"]) if INSTEAD in self.changes else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The trail is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The trail is append-only.")


class Place(models.Model):
    """How far a reader of the trail has come: the id of the last entry it has dealt with."""

    name = models.CharField(max_length=60, primary_key=True)
    entry = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} at {self.entry}"
