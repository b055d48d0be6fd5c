"""The directory: pages of people and functions."""

from typing import Any

from django.apps import apps

from martech.accounts import filters, models
from martech.permissions import engine
from martech.permissions.table import ROLES
from martech.web.views import RecordViews


class People(RecordViews):
    model = models.User
    filterset_class = filters.People
    path = "people"
    icon = "users"
    lead = "Who works here, for which function, and who stands in for them."
    columns = ("email", "title", "function", "deputy", "kind")
    facts = ("email", "title", "function", "deputy", "kind", "calendar")
    related = ("function", "deputy", "calendar")
    fieldsets = (("The person", ("name", "email", "title", "kind", "function", "deputy", "calendar")),)

    def sections(self, record: models.User) -> dict[str, Any]:
        system = apps.get_model("inventory.System")
        owned = engine.scope(self.user, system.objects.of(record)).select_related("owning_function", "vendor")
        return {
            "systems": owned.order_by("name"),
            "roles": [(role, ROLES[role]) for role in ROLES if role in record.roles],
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
        owned = engine.scope(self.user, system.objects.current().filter(owning_function=record))
        return {
            "systems": owned.select_related("vendor", "business_owner").order_by("name"),
            "people": engine.scope(self.user, record.people.filter(retired_at=None)).order_by("name"),
            "parts": record.parts.filter(retired_at=None).order_by("name"),
            "uses": record.uses.filter(system__in=engine.scope(self.user, system.objects.current())).select_related("system"),
        }
