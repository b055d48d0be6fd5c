"""What a source sent, call by call, with everything somebody has to look at."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from martech.errors import Refused
from martech.inserting import insert
from martech.operations import NOW, Act, Record, begin, operation
from martech.sync.call import FULL, PARTIAL, Answer, Call, Told

if TYPE_CHECKING:
    from martech.accounts.models import User

KINDS = {"inventory.vendor": "Vendors", "inventory.system": "Systems"}


class SyncRun(Record):
    """One call of a source. Only a call makes one; people settle here what it left open."""

    PREFIX = "SYN"
    STATE = "mode"
    SEARCH = ("source",)

    class Mode(models.TextChoices):
        PARTIAL = PARTIAL, "Some of its records"
        FULL = FULL, "All of its records"

    TONES: ClassVar = {Mode.PARTIAL: "muted", Mode.FULL: "info"}

    kind = models.CharField("what it lists", max_length=60, choices=list(KINDS.items()), editable=False)
    source = models.CharField("from", max_length=60, editable=False)
    mode = models.CharField("mode", max_length=8, choices=Mode, editable=False)
    sent_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", editable=False, verbose_name="sent by"
    )
    act = models.UUIDField("act", editable=False)
    item_count = models.PositiveIntegerField("items", default=0, editable=False)
    created_count = models.PositiveIntegerField("created", default=0, editable=False)
    updated_count = models.PositiveIntegerField("updated", default=0, editable=False)
    unchanged_count = models.PositiveIntegerField("unchanged", default=0, editable=False)
    error_count = models.PositiveIntegerField("with errors", default=0, editable=False)
    retired_count = models.PositiveIntegerField("no longer listed", default=0, editable=False)
    kept_count = models.PositiveIntegerField("left alone", default=0, editable=False)
    difference_count = models.PositiveIntegerField("with differences", default=0, editable=False)
    match_count = models.PositiveIntegerField("to be told apart", default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = "sync"
        indexes = [
            models.Index(fields=["source", "id"], name="sync_run_source"),
            models.Index(fields=["kind", "id"], name="sync_run_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.source}"

    @property
    def model(self) -> type[Record]:
        """The kind of record it lists."""
        return apps.get_model(self.kind)  # type: ignore[return-value]

    @classmethod
    def take(cls, model: type[Record], *, by: "User", items: Any, **asked: Any) -> tuple["SyncRun | None", Answer]:
        """Take what a source sends; see `Call`. The run that was kept, None for a dry run, and the answer."""
        kept: list[SyncRun] = []
        call = Call(model, by=by, items=items, **asked)
        answer = call.carry_out(lambda answer, act: kept.append(cls._kept(call, answer, act)))
        return (kept[0] if kept else None), answer

    @classmethod
    def _kept(cls, call: Call, answer: Answer, act: Act) -> "SyncRun":
        totals = answer.totals
        run = cls(
            kind=call.model._meta.label_lower,
            source=call.source,
            mode=call.mode,
            sent_by=call.by,
            act=act.id,
            item_count=len(answer.items),
            created_count=totals["created"],
            updated_count=totals["updated"],
            unchanged_count=totals["unchanged"],
            error_count=totals["error"] - totals["matches"],
            retired_count=totals["retired"],
            kept_count=totals["kept"],
            difference_count=totals["differences"],
            match_count=totals["matches"],
        )
        with act.deeper():  # covered by the right to change what is listed
            begin(run, by=call.by, at=act.at)
        rows = [
            SyncRow.of(run, place, told) for place, told in enumerate(answer.items) if told.errors or told.differences
        ]
        insert(rows + [SyncRow.of(run, len(answer.items), told) for told in (*answer.retired, *answer.kept)])
        return run

    @operation
    def settle(self, *, by: "User", external_id: str, same_as: str, at: datetime = NOW, note: str = "") -> None:
        """Say which record an item is: the number of one that is here, or “new”."""
        row = self.rows.exclude(matches=[]).filter(external_id=external_id, settled="").first()
        if row is None:
            raise Refused(f"{external_id} is not in question here.")
        refs = apps.get_model("records.ExternalRef").objects
        since = refs.filter(kind=self.kind, source=self.source, external_id=external_id).exists()
        item = {"external_id": external_id} if since else row.item  # a later list says more than this one
        answer = self._again({**item, "same_as": same_as}, by=by, at=at)
        if answer.errors:
            raise ValidationError({"same_as": [line for lines in answer.errors.values() for line in lines]})
        row.key, row.text, row.settled = answer.key, answer.text, answer.number
        row.save(update_fields=["key", "text", "settled"])
        self.match_count -= 1

    @operation
    def accept(self, *, by: "User", external_id: str, field: str, at: datetime = NOW, note: str = "") -> None:
        """Take the source's value for a field, and let the source keep it from now on."""
        row = self.rows.filter(external_id=external_id).exclude(differences={}).first()
        apart = row.differences.get(field) if row is not None else None
        if row is None or apart is None or apart.get("accepted") or field not in (row.item or {}):
            raise Refused(f"{external_id} does not differ in this here.")
        item = {"external_id": external_id, field: row.item[field]}
        if self._again(item, by=by, at=at).differences.get(field) != apart:  # asked without force, which locks the row
            raise Refused(f"{external_id} changed since this sync. The next one tells how it stands.")
        told = self._again(item, by=by, at=at, forced=[field])
        if told.errors:
            raise ValidationError([line for lines in told.errors.values() for line in lines])
        row.differences = {**row.differences, field: {**apart, "accepted": True}}
        row.save(update_fields=["differences"])
        self.difference_count -= all(one.get("accepted") for one in row.differences.values())

    def _again(self, item: dict[str, Any], *, by: "User", at: datetime, forced: Sequence[str] = ()) -> Told:
        call = Call(self.model, by=by, source=self.source, items=[item], forced=forced, at=at)
        return call.carry_out().items[0]


class SyncRow(models.Model):
    """An item of a call that somebody may want to look at, or a record the call left out.

    `settled` is the number of the record it was said to be.
    """

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="rows", db_index=False)
    place = models.PositiveIntegerField("place")
    external_id = models.CharField("their id", max_length=200, blank=True)
    outcome = models.CharField("outcome", max_length=9)
    key = models.BigIntegerField("record", null=True)
    text = models.CharField("name", max_length=200, blank=True)
    errors = models.JSONField("errors", default=dict)
    differences = models.JSONField("differences", default=dict)
    matches = models.JSONField("perhaps the same as", default=list)
    item = models.JSONField("what was sent", null=True)
    settled = models.CharField("settled as", max_length=24, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["run", "outcome", "id"], name="sync_row_run")]

    def __str__(self) -> str:
        return f"{self.external_id} {self.outcome}"

    @classmethod
    def of(cls, run: SyncRun, place: int, told: Told) -> "SyncRow":
        return cls(
            run=run,
            place=place,
            external_id=told.external_id,
            outcome=told.outcome,
            key=told.key,
            text=told.text[:200],
            errors=told.errors,
            differences=told.differences,
            matches=[like.told for like in told.matches],
            item=told.item,
        )
