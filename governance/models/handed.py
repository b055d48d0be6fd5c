"""One thing of a hand-over, and how it gets to its successor."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from governance import holdings, letters
from governance.models.assignment import Assignment
from martech.errors import Refused

if TYPE_CHECKING:
    from governance.models.handover import Handover
    from martech.accounts.models import User


class HandoverItem(models.Model):
    """One thing of a hand-over: a record, the field that names its holder, and who is to be next.

    `passed_over`: it was not handed over, as the person holds it no longer or the successor has it already.
    """

    handover = models.ForeignKey("governance.Handover", models.CASCADE, related_name="items")
    kind = models.CharField(max_length=60)
    key = models.PositiveBigIntegerField()
    field = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="successor"
    )
    passed_over = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"

    def suits(self, person: int) -> bool:
        """Whether a person can have it: nobody stands in for themselves."""
        return (self.kind, self.key) != ("accounts.user", person)

    def copied(self, handover: "Handover", declined: int | None, successor: "User | None") -> "HandoverItem":
        """The same thing in another hand-over: what was to go to who declined goes to the successor."""
        same = {name: getattr(self, name) for name in ("kind", "key", "field", "label", "text")}
        kept = self.successor if self.successor_id != declined else successor
        return HandoverItem(handover=handover, successor=kept, **same)

    def pass_on(self, handover: "Handover", by: "User", at: datetime) -> bool:
        """The successor has it from today; False where the person holds it no longer, or it is there already."""
        if self.kind == holdings.LETTER:
            return self._letter(handover, by, at)
        holds = {**holdings.still(self.kind, self.field), self.field: handover.person_id}
        record: Any = apps.get_model(self.kind)._base_manager.filter(pk=self.key, retired_at=None, **holds).first()
        if record is None:
            return False
        record.change(by=by, at=at, note=f"{handover.number}", **{self.field: self.successor})
        return True

    def _letter(self, handover: "Handover", by: "User", at: datetime) -> bool:
        """The letter begins for the successor, whose C or I for the same makes way."""
        rows = Assignment.objects.select_related("system")
        letter = rows.filter(pk=self.key, person=handover.person_id).first()
        today = timezone.localdate(at)
        if letter is None or (not letter.ended_by_leaving and (letter.retired_at or letter.last_on < today)):
            return False
        day = max(today, letter.from_on)
        held = [one for one in Assignment.held(letter.system, day) if one.key != letter.pk]
        cell = (letter.activity_id, letters.holder(self.successor_id))
        wanted = letters.taken_over(held, cell, letter.letter, day)
        if wanted is None:
            return False
        try:
            Assignment.planned(letter.system, {cell: wanted}, day, by=by)
        except (ValidationError, Refused):
            return False  # the system or the activity is no longer in use
        if not letter.ended_by_leaving:
            letter.end(by=by, at=at, note=handover.number)
        note = f"Handed over by {handover.person}, {handover.number}"
        Assignment.arrange(letter.system, {cell: wanted}, by=by, on=day, note=note)
        return True
