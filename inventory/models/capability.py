"""What the business does, as a tree of two levels."""

from django.core.exceptions import ValidationError
from django.db import models

from martech.operations import Record


class Capability(Record):
    """One thing marketing does. A starter set is shipped; the tree has two levels and is edited freely."""

    PREFIX = "CAP"
    SEARCH = ("name", "description")

    name = models.CharField("name", max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="part of"
    )
    description = models.TextField("description", blank=True)
    position = models.PositiveSmallIntegerField("order", default=100)

    class Meta(Record.Meta):
        verbose_name = "capability"
        verbose_name_plural = "capabilities"
        indexes = [models.Index(fields=["position", "name", "id"], name="capability_order")]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        if self.parent is not None and (self.parent.parent_id or self.parent.pk == self.pk):
            raise ValidationError({"parent": "The tree has two levels: choose one of the first."})
        if self.parent is not None and self.pk and self.parts.exists():
            raise ValidationError({"parent": f"{self.name} has parts of its own: the tree has two levels."})
