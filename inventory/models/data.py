"""The data the business speaks of, and where it lives."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from inventory.choices import Classification
from martech.operations import Record


class DataObject(Record):
    """One agreed definition: customer, opportunity, consent. With its authoritative source and match key."""

    PREFIX = "DOB"
    SEARCH = ("name", "definition")
    BLAMES = {"data_object_name": "name"}

    name = models.CharField("name", max_length=120)
    definition = models.TextField("definition", blank=True)
    match_key = models.CharField("match key", max_length=120, blank=True, help_text="What tells two of them apart.")
    authoritative_source = models.ForeignKey(
        "inventory.System",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="authoritative_for",
        verbose_name="authoritative source",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="owner"
    )
    classification = models.CharField("classification", max_length=12, choices=Classification, blank=True)
    personal_data = models.BooleanField("personal data", default=False)

    class Meta(Record.Meta):
        verbose_name = "data object"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(retired_at=None),
                name="data_object_name",
                violation_error_message="There is a data object of this name already.",
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="data_object_order")]


class DataSource(Record):
    """A data object in a system: the authoritative one, or a copy. With a steward."""

    PREFIX = "DSO"
    SEARCH = ("name", "description")
    BLAMES = {"data_source_once": "data_object"}

    name = models.CharField("name", max_length=200, blank=True, help_text="Empty: named after data and system.")
    data_object = models.ForeignKey(DataObject, models.PROTECT, related_name="sources", verbose_name="data object")
    system = models.ForeignKey("inventory.System", models.PROTECT, related_name="data_sources", verbose_name="system")
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="steward"
    )
    classification = models.CharField("classification", max_length=12, choices=Classification, blank=True)
    description = models.TextField("what is kept here", blank=True)

    class Meta(Record.Meta):
        verbose_name = "data source"
        constraints = [
            models.UniqueConstraint(
                fields=["data_object", "system"],
                condition=models.Q(retired_at=None),
                name="data_source_once",
                violation_error_message="This data is recorded for this system already.",
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="data_source_order")]

    def clean(self) -> None:
        if self.data_object_id and self.system_id:
            place = (
                "a confidential system" if self.system.confidential else self.system.name
            )  # its steward may not see it
            self.name = " ".join(self.name.split()) or f"{self.data_object} in {place}"[:200]
