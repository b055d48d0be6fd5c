"""The pages of the inventory."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from inventory import filters, halves, models, reports
from martech.permissions import engine
from martech.web import links
from martech.web.views import RecordViews


class Vendors(RecordViews):
    model = models.Vendor
    filterset_class = filters.Vendors
    path = "inventory/vendors"
    icon = "building-storefront"
    lead = "The parties we buy from or that work for us."
    columns = ("status", "domain", "kinds", "relationship_owner", "changed_at")
    facts = ("status", "website", "relationship_owner", "kinds", "country", "risk_tier", "parent")
    related = ("parent", "relationship_owner", "merged_into")
    fieldsets = (
        ("The vendor", ("name", "website", "status", "kinds", "description")),
        ("Names", ("aliases", "domains", "parent", "country")),
        ("Care", ("relationship_owner", "risk_tier", "risk_note", "categories")),
    )

    def sections(self, record: models.Vendor) -> dict[str, Any]:
        systems = engine.scope(self.user, models.System.objects.filter(vendor=record)).select_related("owning_function", "business_owner")
        return {
            "systems": systems.order_by("retired_at", "name"),
            "assurances": record.assurances.filter(retired_at=None).order_by("expires_on"),
            "parts": record.parts.filter(retired_at=None).order_by("name"),
            "merged": record.merged.order_by("pk"),
        }

    def before(self, record: models.Vendor, verb: str) -> dict[str, Any]:
        return {"moving": record.moving()} if verb == "merge" else {}


class Capabilities(RecordViews):
    model = models.Capability
    filterset_class = filters.Capabilities
    path = "inventory/capabilities"
    icon = "puzzle-piece"
    lead = "What marketing does, in two levels, and which systems serve it."
    columns = ("parent", "position", "description")
    facts = ("parent", "position", "description")
    related = ("parent",)
    fieldsets = (("The capability", ("name", "parent", "description", "position")),)

    def sections(self, record: models.Capability) -> dict[str, Any]:
        serving = Q(primary_capability=record) | Q(pk__in=record.systems.values("pk"))
        return {
            "systems": engine.scope(self.user, models.System.objects.current().filter(serving)).select_related("vendor", "business_owner").order_by("name"),
            "parts": record.parts.filter(retired_at=None).order_by("position", "name"),
        }


class Systems(RecordViews):
    model = models.System
    filterset_class = filters.Systems
    path = "inventory/systems"
    icon = "squares-2x2"
    lead = "Everything in use, on trial or on its way out."
    columns = ("lifecycle", "vendor", "owning_function", "business_owner", "technical_owner", "criticality", "time_quadrant")
    facts = ("owner", "business_owner", "technical_owner", "vendor", "owning_function", "criticality", "user_count", "last_verified_on")
    related = (
        "vendor", "owning_function__head", "business_owner", "technical_owner", "primary_capability", "target_system",
    )
    fieldsets = (
        ("The system", ("name", "description", "vendor", "lifecycle", "kind", "url", "aliases")),
        ("Who", ("owning_function", "business_owner", "technical_owner", "audience", "user_count", "confidential")),
        ("What it serves", ("primary_capability", "capabilities", "journey_stages", "criticality")),
        ("Technology and data", ("hosting", "data_classification", "personal_data", "residency", "sso", "scim", "mfa")),
        ("Fit and future", ("functional_fit", "technical_fit", "disposition", "target_system", "target_on", "rationale")),
        (
            "Dates",
            ("proposed_on", "evaluating_on", "trial_ends_on", "approved_on", "implementing_on", "live_on", "phasing_out_on", "retired_on"),
        ),
    )

    def sections(self, record: models.System) -> dict[str, Any]:
        points = halves.points(record)
        flows = engine.scope(self.user, models.Integration.objects.filter(Q(source=record) | Q(target=record), retired_at=None))
        return {
            "points": points,
            "business": sum(done for _, done in points["business"]) / len(points["business"]),
            "technology": sum(done for _, done in points["technology"]) / len(points["technology"]),
            "steps": self.steps(record),
            "uses": record.uses.select_related("function").order_by("part", "function__name"),
            "integrations": flows.select_related("source", "target", "owner").order_by("status", "name"),
            "impact": reports.impact(record, self.user),
            "assurances": record.assurances.filter(retired_at=None).order_by("expires_on"),
            "data_sources": record.data_sources.filter(retired_at=None).select_related("data_object", "steward"),
        }

    def steps(self, record: models.System) -> list[dict[str, Any]]:
        """The lifecycle as a road: what is done, where it stands, what is ahead."""
        states = [state for state in models.System.Lifecycle if state not in {"discovered", "rejected"}]
        here = states.index(record.lifecycle) if record.lifecycle in states else -1
        return [
            {
                "label": state.label,
                "state": "here" if place == here else "done" if getattr(record, f"{state}_on") and place < here else "ahead",
                "day": getattr(record, f"{state}_on"),
            }
            for place, state in enumerate(states)
        ]

    def like(self) -> HttpResponse:
        """Systems and vendors this might be a second record of, while somebody types a name."""
        name = self.request.GET.get("name", "")[:200]
        found = engine.scope(self.user, models.System.objects.like(name)).select_related("owning_function", "business_owner")[:5]
        vendors = engine.scope(self.user, models.Vendor.objects.like(name))[:5]
        return render(self.request, "inventory/like.html", {"systems": found, "vendors": vendors, "name": name})

    def log(self) -> HttpResponse:
        """Log a tool in under a minute: a name is enough."""
        from_form = self.request.POST if self.request.method == "POST" else None
        self.fieldsets = (("", ("name", "description", "vendor", "owning_function", "lifecycle", "url")),)
        if from_form is None:
            initial = self.request.GET.copy()
            initial.setdefault("lifecycle", "live")
            self.request.GET = initial
        return self.add()

    @classmethod
    def more(cls) -> list[URLPattern]:
        return [
            path(f"{cls.path}/like/", cls.view("like", ("GET",)), name="system-like"),
            path("new/", cls.view("log", ("GET", "HEAD", "POST")), name="log"),
            path("inventory/meetings/", cls.view("meetings", ("GET", "HEAD")), name="meetings"),
        ]

    def meetings(self) -> HttpResponse:
        """Where functions meet: function by function, the systems they share."""
        context = {"matrix": reports.meetings(self.user), "page_title": "Where functions meet"}
        return render(self.request, "inventory/meetings.html", context)


class Integrations(RecordViews):
    model = models.Integration
    filterset_class = filters.Integrations
    path = "inventory/integrations"
    icon = "arrows-right-left"
    lead = "What flows from where to where, how, and who looks after it."
    columns = ("source", "target", "direction", "method", "frequency", "status", "owner")
    facts = ("status", "source", "target", "direction", "method", "frequency", "owner", "personal_data")
    related = ("source", "target", "owner")
    fieldsets = (
        ("The ends", ("source", "target", "direction", "name")),
        ("The flow", ("method", "frequency", "data_objects", "personal_data", "description")),
        ("Care", ("owner", "status", "disconnect_on")),
    )


class DataObjects(RecordViews):
    model = models.DataObject
    filterset_class = filters.DataObjects
    path = "inventory/data-objects"
    icon = "circle-stack"
    lead = "The data the business speaks of: one agreed definition each."
    columns = ("definition", "authoritative_source", "match_key", "classification", "personal_data")
    facts = ("authoritative_source", "match_key", "owner", "classification", "personal_data")
    related = ("authoritative_source", "owner")
    fieldsets = (
        ("The data", ("name", "definition", "match_key")),
        ("Care", ("authoritative_source", "owner", "classification", "personal_data")),
    )

    def sections(self, record: models.DataObject) -> dict[str, Any]:
        return {
            "data_sources": engine.scope(self.user, record.sources.filter(retired_at=None)).select_related("system", "steward"),
            "integrations": engine.scope(self.user, record.integrations.filter(retired_at=None)).select_related("source", "target", "owner"),
        }


class DataSources(RecordViews):
    model = models.DataSource
    filterset_class = filters.DataSources
    path = "inventory/data-sources"
    icon = "server-stack"
    lead = "Which data lives in which system, and who is its steward."
    columns = ("data_object", "system", "steward", "classification")
    facts = ("data_object", "system", "steward", "classification")
    related = ("data_object", "system", "steward")
    fieldsets = (("The source", ("data_object", "system", "steward", "classification", "description", "name")),)


class Assurances(RecordViews):
    model = models.Assurance
    filterset_class = filters.Assurances
    path = "inventory/assurances"
    icon = "shield-check"
    lead = "Certificates and agreements, and the day each runs out."
    columns = ("kind", "system", "vendor", "issued_on", "expires_on", "acknowledged_at")
    facts = ("kind", "system", "vendor", "reference", "issued_on", "expires_on", "acknowledged_at")
    related = ("system__owning_function__head", "system__business_owner", "system__technical_owner", "vendor__relationship_owner")
    fieldsets = (("The proof", ("kind", "system", "vendor", "reference", "issued_on", "expires_on", "name")),)

    def sections(self, record: models.Assurance) -> dict[str, Any]:
        days = (record.expires_on - timezone.localdate()).days if record.expires_on else None
        return {"days_left": days, "subject_url": links.of(record.subject), "subject": record.subject}


def overview(request: HttpRequest) -> dict[str, Any]:
    """Figures of the stack for the home page."""
    current = engine.scope(request.user, models.System.objects.current())
    return {
        **current.aggregate(
            total=Count("pk"),
            live=Count("pk", filter=Q(lifecycle="live")),
            unowned=Count("pk", filter=Q(business_owner=None)),
            no_technical=Count("pk", filter=Q(technical_owner=None)),
        )
    }
