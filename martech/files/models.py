"""Documents on any record: kept once by content, visible to whoever sees the record."""

import hashlib
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from martech.operations import NOW, Record, begin

INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}
HEAD = 512
"""Bytes by which a content is known."""
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
)


def safe_name(name: str) -> str:
    """A file name to show and to send: no path, no control or direction marks, at most 120 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, suffix = base.rpartition(".")
    return (f"{stem[:108]}{dot}{suffix[:11]}" if dot and stem else base[:120]) or "document"


def media_type(head: bytes) -> str:
    """The type by content, never by name."""
    known = next((kind for start, kind in SIGNATURES if head.startswith(start)), "")
    if known:
        return known
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if len(head) < HEAD or error.start < HEAD - 3:
            return "application/octet-stream"
        text = head[: error.start].decode()  # the head ends within a letter
    return "application/octet-stream" if "\0" in text else "text/plain"


class Document(Record):
    """A file attached to a record. The content is stored under its SHA-256 in the data folder and never overwritten."""

    PREFIX = "DOC"
    SEARCH = ("name", "note")

    kind = models.CharField("kind of record", max_length=60, editable=False)
    key = models.BigIntegerField("record", editable=False)
    name = models.CharField("name", max_length=120)
    note = models.CharField("what it is", max_length=200, blank=True)
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    size = models.PositiveBigIntegerField("bytes", editable=False)
    media_type = models.CharField("type", max_length=80, editable=False)

    class Meta(Record.Meta):
        verbose_name = "document"
        indexes = [models.Index(fields=["kind", "key", "id"], name="document_record")]

    @classmethod
    def add(cls, *, by: Any, at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A new document: `subject` is the record it hangs on, `content` an open binary file."""
        subject, content = fields.pop("subject"), fields.pop("content")
        digest, size, head = hashlib.sha256(), 0, b""
        for chunk in iter(lambda: content.read(1 << 20), b""):
            head = head or chunk[:HEAD]
            digest.update(chunk)
            size += len(chunk)
        if not size:
            raise ValidationError({"content": "The file is empty."})
        if size > settings.UPLOAD_LIMIT:
            raise ValidationError({"content": f"A file has at most {settings.UPLOAD_LIMIT >> 20} MB."})
        document = cls(
            kind=subject._meta.label_lower,
            key=subject.pk,
            digest=digest.hexdigest(),
            size=size,
            media_type=media_type(head),
        )
        document._keep(content)
        return begin(
            document, by=by, at=at, name=safe_name(fields.pop("name", "") or content.name), note=note, **fields
        )

    @property
    def path(self) -> Path:
        return Path(settings.FILES_DIR) / self.digest[:2] / self.digest

    def _keep(self, content: Any) -> None:
        if self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = self.path.with_name(f"{self.digest}.{id(content)}.part")
        content.seek(0)
        with partial.open("wb") as target:
            for chunk in iter(lambda: content.read(1 << 20), b""):
                target.write(chunk)
        partial.replace(self.path)
