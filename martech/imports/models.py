"""One file on its way into the records: read, mapped, previewed, confirmed, applied by the worker, perhaps undone."""

import hashlib
import uuid
from collections.abc import Mapping as Mapping_
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from martech import bell
from martech.errors import Refused
from martech.imports import preview, reading, targets
from martech.imports.mapping import MODES, Mapping
from martech.imports.table import Table, Unreadable
from martech.operations import NOW, Flow, Record, begin, operation

if TYPE_CHECKING:
    from martech.accounts.models import User


JOB = "martech.imports.tasks.resume"


class Batches(models.QuerySet["ImportBatch"]):
    """Questions about imports."""

    def waiting(self, at: datetime) -> Self:
        """Those with work to do that no worker holds at this instant, the oldest first."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.filter(free, status__in=ImportBatch.WORKING, retired_at=None).order_by("pk")


class ImportBatch(Record):
    """One file and what becomes of its rows. Only who brought it goes on with it; undo takes the whole of it back."""

    PREFIX = "IMP"
    SEARCH = ("file_name",)

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Columns to settle"
        PREVIEWED = "previewed", "To confirm"
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"
        CANCELLED = "cancelled", "Cancelled"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    _S = Status
    WORKING: ClassVar = (_S.QUEUED, _S.RUNNING, _S.UNDOING)
    TONES: ClassVar = {
        _S.UPLOADED: "attention",
        _S.PREVIEWED: "attention",
        _S.QUEUED: "info",
        _S.RUNNING: "info",
        _S.DONE: "ok",
        _S.FAILED: "danger",
        _S.CANCELLED: "muted",
        _S.UNDOING: "info",
        _S.UNDONE: "muted",
    }
    FLOW = Flow(
        change=([_S.UPLOADED, _S.PREVIEWED], _S.UPLOADED),
        preview=([_S.UPLOADED, _S.PREVIEWED], _S.PREVIEWED),
        confirm=([_S.PREVIEWED], _S.QUEUED),
        cancel=([_S.UPLOADED, _S.PREVIEWED, _S.QUEUED, _S.RUNNING], _S.CANCELLED),
        undo=([_S.DONE, _S.FAILED, _S.CANCELLED], _S.UNDOING),
    )

    kind = models.CharField("what it holds", max_length=60)
    file_name = models.CharField("file", max_length=120)
    mapping = models.JSONField("mapping", default=dict, blank=True)
    reading = models.JSONField("how the file is read", default=dict, blank=True)
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    size = models.PositiveBigIntegerField("bytes", editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="brought by"
    )
    header = models.JSONField("columns", default=list, blank=True, editable=False)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.UPLOADED, editable=False)
    act = models.UUIDField("act", default=uuid.uuid4, editable=False)
    row_count = models.PositiveIntegerField("rows", default=0, editable=False)
    counts = models.JSONField("preview", default=dict, blank=True, editable=False)
    applied = models.JSONField("result", default=dict, blank=True, editable=False)
    place = models.BigIntegerField("done up to", default=0, editable=False)
    finished_at = models.DateTimeField("finished", null=True, blank=True, editable=False)
    failure = models.TextField("why it stopped", blank=True, editable=False)
    lease_until = models.DateTimeField("held until", null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField("attempts", default=0, editable=False)

    objects = Batches.as_manager()

    class Meta(Record.Meta):
        verbose_name = "import"
        indexes = [
            models.Index(fields=["uploaded_by", "-id"], name="import_of_person"),
            models.Index(fields=["status", "id"], name="import_status"),
        ]

    def __str__(self) -> str:
        return self.file_name or self.number

    @property
    def model(self) -> type[Record]:
        """The kind of record it makes."""
        return targets.model_of(self.kind)

    @property
    def path(self) -> Path:
        """The file, kept once by its content."""
        return Path(settings.FILES_DIR) / self.digest[:2] / self.digest

    @property
    def settled(self) -> Mapping:
        """The mapping in the hand."""
        return Mapping.of(self.mapping)

    def table(self) -> Table:
        """The file as read. Unreadable where what was stated about it does not fit."""
        stated = {name: self.reading.get(name) or None for name in ("encoding", "separator", "sheet")}
        return reading.read(self.path.read_bytes(), self.file_name, **stated)

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A new import: `content` the bytes of the file, `file_name` its name, `kind` what it holds.

        The columns go where the same headings went the last time, else where their words point.
        """
        content: bytes = fields.pop("content")
        if fields.get("kind") not in targets.KINDS:
            raise ValidationError({"kind": "Choose what the file holds."})
        try:
            table = reading.read(content, fields["file_name"])
        except Unreadable as error:
            raise ValidationError({"content": error.reason}, code=str(error.status)) from error
        batch = cls(
            digest=hashlib.sha256(content).hexdigest(), size=len(content), uploaded_by=by,
            header=list(table.header), row_count=len(table.rows),
        )  # fmt: skip
        batch._keep(content)
        model = targets.model_of(fields["kind"])
        fields.setdefault("mapping", preview.remembered(cls, by, fields["kind"], table, model).as_json())
        return begin(batch, by=by, at=at, note=note, **fields)

    def _keep(self, content: bytes) -> None:
        if self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = self.path.with_name(f"{self.digest}.{uuid.uuid4().hex}.part")
        partial.write_bytes(content)
        partial.replace(self.path)

    def put(self, fields: Mapping_[str, Any], by: Any) -> None:
        """Another way of reading makes other columns: those of the same name stay where they go."""
        if not Mapping.sound(fields.get("mapping", {})):
            raise ValidationError({"mapping": "This is not the shape of a mapping."})
        stated = fields.get("reading", {})
        if not isinstance(stated, dict) or not all(isinstance(one, str | None) for one in stated.values()):
            raise ValidationError({"reading": "Name encoding, separator and sheet as texts."})
        super().put(fields, by)
        if "reading" in fields and self.digest and self.pk:
            try:
                table = self.table()
            except Unreadable as error:
                raise ValidationError({"reading": error.reason}) from error
            if list(table.header) != self.header:
                self.header, self.row_count = list(table.header), len(table.rows)
                mapping = preview.remembered(ImportBatch, by, self.kind, table, self.model)
                old = self.settled
                kept = {column: name for column, name in old.columns.items() if column in table.header}
                taken = set(kept.values())
                mapping.columns = {c: n for c, n in mapping.columns.items() if c not in kept and n not in taken} | kept
                self.mapping = mapping.as_json()

    def clean(self) -> None:
        if self.kind not in targets.KINDS:
            raise ValidationError({"kind": "Choose what the file holds."})
        mapping = self.settled
        if not set(mapping.columns) <= set(self.header) or mapping.mode not in MODES:
            raise ValidationError({"mapping": "The mapping names a column the file does not have."})
        unknown = set(mapping.columns.values()) - targets.targets(self.model, self.uploaded_by).keys()
        if unknown:
            raise ValidationError({"mapping": f"There is no field {', '.join(sorted(unknown))} to import into."})

    @operation
    def preview(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Say for every row what would become of it; nothing is written to the records."""
        self.counts = preview.make(self, by)

    @operation
    def confirm(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Let the worker do what the preview said. Refused where the data changed since."""
        changed = preview.changed_since(self, by)
        if changed:
            more = f" and {len(changed) - 5:,} more" if len(changed) > 5 else ""
            raise Refused(
                f"The data changed since the preview: {'; '.join(changed[:5])}{more}. Look at a new preview first."
            )
        self._begin_work()

    @operation
    def cancel(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Stop here. What a running import did so far stays and can be undone."""
        self.finished_at = at

    @operation
    def undo(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Take it all back: earlier values return, new records retire; what was edited since stays and is listed."""
        if not self.applied:
            raise Refused("Nothing was imported, so there is nothing to undo.")
        self._begin_work()

    def _begin_work(self) -> None:
        """From the first row, by whichever worker is free."""
        self.place, self.attempts, self.lease_until = 0, 0, None
        bell.ring(JOB)


class ImportRow(models.Model):
    """One row of a preview: what it would do, and after the import what went wrong. `line` is the file's."""

    class Outcome(models.TextChoices):
        CREATE = "create", "New"
        UPDATE = "update", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        SKIPPED = "skipped", "Skipped"
        ERROR = "error", "Error"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    outcome = models.CharField(max_length=9, choices=Outcome)
    key = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    text = models.CharField(max_length=200, blank=True)
    match = models.TextField(blank=True)
    ref = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "outcome", "position"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.batch_id}: line {self.line}"
