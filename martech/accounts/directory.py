"""The directory: pages of people and functions."""

from typing import Any

from django.apps import apps
from django.db.models import Q

from martech.accounts import filters, models
from martech.permissions import engine
from martech.permissions.table import ROLES
from martech.web import links
from martech.web.shown import knowing, may_add, shown
from martech.web.views import RecordViews


class People(RecordViews):
    model = models.User
    filterset_class = filters.People
    path = "people"
    icon = "users"
    lead = "Who works here, for which function, and who stands in for them."
    columns = ("email", "title", "function", "deputy", "kind")
    facts = ("email", "function", "deputy", "kind")
    related = ("function", "deputy", "calendar")
    fieldsets = (("The person", ("name", "email", "title", "kind", "function", "deputy", "calendar")),)

    def sections(self, record: models.User) -> dict[str, Any]:
        system, vendor, flow = (
            apps.get_model(name) for name in ("inventory.System", "inventory.Vendor", "inventory.Integration")
        )
        owned = engine.scope(self.user, system.objects.of(record)).select_related(
            "owning_function", "business_owner", "technical_owner"
        )
        cared = engine.scope(self.user, flow.objects.filter(owner=record, retired_at=None))
        flows = knowing(self.user, cared, "source", "target").select_related("source", "target", "owner")
        kept = engine.scope(self.user, vendor.objects.filter(relationship_owner=record, retired_at=None))
        return {
            "systems": shown(
                owned.order_by("name"), f"{links.list_url('inventory.system')}?business_owner={record.pk}"
            ),
            "flows": shown(
                flows.order_by("status", "name"), f"{links.list_url('inventory.integration')}?owner={record.pk}"
            ),
            "vendors": shown(
                kept.order_by("name"), f"{links.list_url('inventory.vendor')}?relationship_owner={record.pk}"
            ),
            "heads": list(
                models.Function.objects.filter(Q(head=record) | Q(deputy=record), retired_at=None)
                .order_by("name")
                .select_related("head")
            ),
            "deputises_for": list(record.deputises_for.filter(retired_at=None).order_by("name")),
            "face": record.initials,
            "subtitle": record.title,
            "roles": [(role.replace("_", " ").capitalize(), ROLES[role]) for role in ROLES if role in record.roles],
        }


class Functions(RecordViews):
    model = models.Function
    filterset_class = filters.Functions
    path = "functions"
    icon = "building-office-2"
    lead = "The parts of the organisation: each with a head, a deputy and a kind."
    columns = ("kind", "parent", "head", "deputy")
    facts = ("kind", "parent", "head", "deputy")
    related = ("parent", "head", "deputy")
    fieldsets = (("The function", ("name", "kind", "parent", "head", "deputy", "description")),)

    def sections(self, record: models.Function) -> dict[str, Any]:
        system = apps.get_model("inventory.System")
        seen = engine.scope(self.user, system.objects.current())
        owned = seen.filter(owning_function=record).select_related(
            "vendor", "owning_function", "business_owner", "technical_owner"
        )
        uses = record.uses.filter(system__in=seen).select_related("system__owning_function", "function")
        people = engine.scope(self.user, record.people.filter(retired_at=None))
        return {
            "systems": shown(
                owned.order_by("name"), f"{links.list_url('inventory.system')}?owning_function={record.pk}"
            ),
            "uses": shown(uses.order_by("part", "system__name"), ""),
            "people": shown(people.order_by("name"), f"{links.list_url('accounts.user')}?function={record.pk}"),
            "parts": list(record.parts.filter(retired_at=None).select_related("head").order_by("name")),
            "add_url": may_add(self.user, system, f"owning_function={record.pk}"),
        }
