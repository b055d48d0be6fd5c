"""What hangs on any record: who follows it, what others call it, and the views people keep of its list."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from martech.operations import Record


class Follow(models.Model):
    """Somebody hears of what happens to a record."""

    kind = models.CharField(max_length=60)
    key = models.BigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "key", "person"], name="follow_once")]
        indexes = [models.Index(fields=["person"], name="follow_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @classmethod
    def begin(cls, record: Record, person: Any) -> None:
        """Following twice is following."""
        row = Follow(kind=record._meta.label_lower, key=record.pk, person=person)
        Follow.objects.bulk_create([row], ignore_conflicts=True)

    @classmethod
    def end(cls, record: Record, person: Any) -> None:
        cls.of(record).filter(person=person).delete()

    @classmethod
    def of(cls, record: Record) -> "models.QuerySet[Follow]":
        return cls.objects.filter(kind=record._meta.label_lower, key=record.pk)


class ExternalRef(models.Model):
    """What another system calls a record: unique by (kind, source, external id) while the record is not retired."""

    kind = models.CharField(max_length=60)
    key = models.BigIntegerField()
    source = models.CharField("source", max_length=60)
    external_id = models.CharField("external id", max_length=200)
    url = models.URLField("address there", max_length=500, blank=True)
    told_by = models.CharField("told by", max_length=60, blank=True)
    """The source that passed it on, until the one it belongs to uses it; empty where that was so from the beginning."""

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "source", "external_id"], name="external_ref_once")]
        indexes = [models.Index(fields=["kind", "key"], name="external_ref_record")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class SavedView(Record):
    """A list as somebody likes it: its filters, order and columns, kept and perhaps shared."""

    PREFIX = "VIE"

    name = models.CharField("name", max_length=80)
    page = models.CharField("list", max_length=60, help_text="Such as inventory.system.")
    query = models.TextField("filters, order and columns", blank=True, max_length=2000)
    shared = models.BooleanField("shared with everybody", default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kept by")

    class Meta(Record.Meta):
        verbose_name = "saved view"
        indexes = [models.Index(fields=["page", "name"], name="saved_view_page")]

    def put(self, fields: Mapping[str, Any], by: Any) -> None:
        """Whoever makes a view keeps it: nobody puts one among another's."""
        keeper = fields.get("owner", by)
        if getattr(keeper, "pk", keeper) != by.pk:
            raise ValidationError({"owner": "A view is kept by whoever makes it."})
        super().put(fields, by)
