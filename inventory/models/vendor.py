"""The contracting or making party."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from martech.errors import Refused
from martech.fields import Codes, Lines
from martech.folding import domain, fold
from martech.operations import NOW, Flow, Record, operation

if TYPE_CHECKING:
    from martech.accounts.models import User


class Vendors(models.QuerySet["Vendor"]):
    """Questions about vendors."""

    def current(self) -> Self:
        return self.filter(retired_at=None)

    def like(self, name: str, website: str = "") -> Self:
        """Vendors this might be a second record of: same name or alias but for case and space, or the same domain."""
        key, host = fold(name), domain(website)
        match = models.Q(name_key=key) | models.Q(names__contains=f"\n{key}\n") if key else models.Q(pk__in=())
        if host:
            match |= models.Q(domain=host) | models.Q(names__contains=f"\n{host}\n")
        return self.current().filter(match)


class Vendor(Record):
    """A company we buy from or that works for us. Its name is unique ignoring case and space; its domain may repeat."""

    PREFIX = "VEN"
    NAMED_ELSEWHERE = True
    SEARCH = ("name", "aliases", "website", "domains")
    GIVEN = ("name_key", "names")
    BLAMES = {"vendor_name": "name"}
    WHEN_RETIRED = Record.WHEN_RETIRED | {"unmerge"}

    class Status(models.TextChoices):
        KNOWN = "known", "Known"
        PREFERRED = "preferred", "Preferred"
        APPROVED = "approved", "Approved"
        RESTRICTED = "restricted", "Restricted"
        BLOCKED = "blocked", "Blocked"

    class Kind(models.TextChoices):
        MAKER = "maker", "Maker"
        RESELLER = "reseller", "Reseller"
        AGENCY = "agency", "Agency"
        IMPLEMENTER = "implementer", "Implementer"

    class Risk(models.TextChoices):
        UNRATED = "unrated", "Not rated"
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"
        CRITICAL = "critical", "Critical"

    TONES: ClassVar = {
        Status.KNOWN: "muted",
        Status.PREFERRED: "ok",
        Status.APPROVED: "ok",
        Status.RESTRICTED: "attention",
        Status.BLOCKED: "danger",
    }
    FLOW = Flow(
        prefer=([Status.KNOWN, Status.APPROVED, Status.RESTRICTED], Status.PREFERRED),
        approve=([Status.KNOWN, Status.PREFERRED, Status.RESTRICTED, Status.BLOCKED], Status.APPROVED),
        restrict=([Status.KNOWN, Status.PREFERRED, Status.APPROVED, Status.BLOCKED], Status.RESTRICTED),
        block=([Status.KNOWN, Status.PREFERRED, Status.APPROVED, Status.RESTRICTED], Status.BLOCKED),
    )

    name = models.CharField("name", max_length=200)
    website = models.URLField("website", max_length=300, blank=True)
    description = models.TextField("what they do", blank=True)
    aliases = Lines("also known as", help_text="Trading and former names, one a line.")
    domains = Lines("further domains", help_text="One a line.")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="belongs to"
    )
    kinds = Codes("kinds", codes=Kind.choices)
    categories = Lines("categories", help_text="As a source calls what they sell, one a line.")
    relationship_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vendors_kept",
        verbose_name="relationship owner",
    )
    country = models.CharField("country", max_length=2, blank=True, help_text="ISO 3166 code, e.g. IE.")
    status = models.CharField("status", max_length=12, choices=Status, default=Status.KNOWN)
    risk_tier = models.CharField("risk tier", max_length=8, choices=Risk, default=Risk.UNRATED)
    risk_note = models.TextField("why this risk", blank=True)
    domain = models.CharField("domain", max_length=253, blank=True, editable=False)
    name_key = models.CharField("name as matched", max_length=200, editable=False)
    names = models.TextField("names as matched", blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False, verbose_name="merged into"
    )

    BIRTH = ("status",)
    LOCKS: ClassVar = {"merge": "into"}
    objects = Vendors.as_manager()

    class Meta(Record.Meta):
        verbose_name = "vendor"
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                condition=models.Q(retired_at=None),
                name="vendor_name",
                violation_error_message="There is a vendor of this name already.",
            )
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="vendor_name_order"),
            models.Index(fields=["status", "name", "id"], name="vendor_status"),
            models.Index(fields=["created_at", "id"], name="vendor_created"),
            models.Index(fields=["changed_at", "id"], name="vendor_changed"),
            models.Index(fields=["domain"], name="vendor_domain"),
        ]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        self.country = self.country.upper()
        self.name_key = fold(self.name)
        self.domain = domain(self.website)
        hosts = dict.fromkeys(domain(line) for line in self.domains)
        self.domains = [host for host in hosts if host and host != self.domain]
        self.names = "".join(f"\n{key}\n" for key in (*(fold(alias) for alias in self.aliases), *self.domains))
        above, seen = self.parent, {self.pk}
        while above is not None and self.pk:
            if above.pk in seen:
                raise ValidationError({"parent": f"{above.name} belongs to {self.name}."})
            seen.add(above.pk)
            above = above.parent

    @property
    def survivor(self) -> "Vendor":
        """The record that answers for this one: itself, or what it was merged into."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found

    @operation
    def prefer(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Buy here first."""

    @operation
    def approve(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """May be bought from."""

    @operation
    def restrict(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """Only with IT's consent; the note says why."""

    @operation
    def block(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """Not to be bought from; the note says why."""

    def moving(self) -> dict[str, list[Record]]:
        """What a merge would move to the survivor, by kind of record."""
        return {
            str(relation.related_model._meta.verbose_name_plural): list(
                relation.related_model._base_manager.filter(**{relation.field.name: self}).order_by("pk")
            )
            for relation in self._meta.related_objects
            if relation.one_to_many and relation.field.name != "merged_into"
        }

    @operation
    def merge(self, *, by: "User", into: "Vendor", at: datetime = NOW, note: str = "") -> None:
        """A second record of another vendor: links move there, names become aliases, the number keeps resolving."""
        into = Vendor.objects.filter(pk=getattr(into, "pk", into)).first() or self
        if into.pk == self.pk:
            raise ValidationError({"into": "Choose another vendor."})
        if into.retired_at:
            raise ValidationError({"into": f"{into.number} is retired."})
        if self.pk in _line(into):
            raise ValidationError({"into": f"{into.name} belongs to {self.name}: part them first."})
        aliases = [*into.aliases, self.name, *self.aliases]
        hosts = [*into.domains, *([self.domain] if self.domain else []), *self.domains]
        for records in self.moving().values():
            for record in records:
                field = "parent" if isinstance(record, Vendor) else "vendor"
                record.change(by=by, **{field: into})
        self.merged_into, self.retired_at = into, at
        into.change(by=by, aliases=aliases, domains=hosts)

    @operation
    def unmerge(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Take a merge back: the record returns; what has moved stays until somebody moves it."""
        if self.merged_into is None:
            raise Refused(f"{self.number} was not merged.")
        into, names = self.merged_into, {fold(self.name), *(fold(alias) for alias in self.aliases)}
        self.merged_into, self.retired_at = None, None
        into.change(by=by, aliases=[alias for alias in into.aliases if fold(alias) not in names])


def _line(vendor: Vendor) -> set[Any]:
    """The keys of the vendors above this one."""
    above, keys = vendor.parent, set()
    while above is not None and above.pk not in keys:
        keys.add(above.pk)
        above = above.parent
    return keys
