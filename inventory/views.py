"""The pages of the inventory."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from inventory import filters, models, pages, reports
from martech.permissions import engine
from martech.web.views import RecordViews


class Vendors(RecordViews):
    model = models.Vendor
    filterset_class = filters.Vendors
    path = "inventory/vendors"
    icon = "building-storefront"
    like_url = "/inventory/systems/like/"
    lead = "The parties we buy from or that work for us."
    columns = ("status", "domain", "kinds", "relationship_owner", "changed_at")
    facts = ("website", "relationship_owner", "kinds", "country")
    related = ("parent", "relationship_owner", "merged_into")
    fieldsets = (
        ("The vendor", ("name", "website", "status", "kinds", "description")),
        ("Names", ("aliases", "domains", "parent", "country")),
        ("Care", ("relationship_owner", "risk_tier", "risk_note", "categories")),
    )

    def sections(self, record: models.Vendor) -> dict[str, Any]:
        return pages.vendor(record, self.user)

    def before(self, record: models.Vendor, verb: str) -> dict[str, Any]:
        if verb != "merge":
            return {}
        moving, unseen = {}, 0
        for kind, records in record.moving().items():
            rows = type(records[0])._base_manager.filter(pk__in=[one.pk for one in records]) if records else None
            seen = list(engine.scope(self.user, rows).order_by("pk")) if rows is not None else []
            moving[kind], unseen = seen, unseen + len(records) - len(seen)
        return {"moving": {kind: seen for kind, seen in moving.items() if seen}, "unseen": unseen}


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
        return pages.capability(record, self.user)


class Systems(RecordViews):
    model = models.System
    filterset_class = filters.Systems
    path = "inventory/systems"
    icon = "squares-2x2"
    like_url = "/inventory/systems/like/"
    lead = "Everything in use, on trial or on its way out."
    columns = (
        "lifecycle",
        "vendor",
        "owning_function",
        "business_owner",
        "technical_owner",
        "criticality",
    )
    facts = ("owning_function", "business_owner", "technical_owner", "vendor", "personal_data")
    related = (
        "vendor",
        "owning_function__head",
        "business_owner",
        "technical_owner",
        "primary_capability",
        "target_system",
    )
    fieldsets = (
        ("The system", ("name", "description", "vendor", "lifecycle", "kind", "url", "aliases")),
        ("Who", ("owning_function", "business_owner", "technical_owner", "audience", "user_count", "confidential")),
        ("What it serves", ("primary_capability", "capabilities", "journey_stages", "criticality")),
        ("Technology and data", ("hosting", "data_classification", "personal_data", "residency", "sso", "scim", "mfa")),
        (
            "Fit and future",
            ("functional_fit", "technical_fit", "disposition", "target_system", "target_on", "rationale"),
        ),
        (
            "Dates",
            (
                "proposed_on",
                "evaluating_on",
                "trial_ends_on",
                "approved_on",
                "implementing_on",
                "live_on",
                "phasing_out_on",
                "retired_on",
            ),
        ),
    )

    def sections(self, record: models.System) -> dict[str, Any]:
        return pages.system(record, self.user)

    def like(self) -> HttpResponse:
        """Systems and vendors this might be a second record of, while somebody types a name."""
        name = self.request.GET.get("name", "")[:200].replace("\0", "")
        found = engine.scope(self.user, models.System.objects.like(name))
        near = engine.scope(self.user, models.System.objects.near(name)).exclude(pk__in=found.values("pk"))
        told = ("owning_function__head", "business_owner", "technical_owner")
        context = {
            "systems": found.select_related(*told).order_by("name")[:5],
            "near": near.select_related(*told).order_by("name")[:4],
            "vendors": engine.scope(self.user, models.Vendor.objects.like(name)).order_by("name")[:3],
            "name": name,
        }
        return render(self.request, "inventory/like.html", context)

    def log(self) -> HttpResponse:
        """Log a tool in under a minute: a name is enough. Whoever may not finds what else they may add."""
        kinds = sorted(RecordViews.addable(self.user), key=lambda kind: kind.noun)
        others = [kind for kind in kinds if kind.model is not self.model]
        if not engine.possible(self.user, "inventory.add_system"):
            if not others:
                told = "Marketing operations and IT put tools on record. Tell one of them which you found."
                raise PermissionDenied(told)
            return self.render("log", {"others": others, "page_title": "Add something new", "crumbs": []})
        asked = ("name", "lifecycle", "owning_function", "business_owner", "vendor", "url", "description")
        self.fieldsets = (("", asked),)
        if self.request.method != "POST":
            first = self.request.GET.copy()
            first.setdefault("lifecycle", "live")
            self.request.GET = first
        added = self.request.GET.get("added", "")
        key = int(added) if added.isascii() and added.isdigit() and len(added) < 19 else 0
        just = engine.scope(self.user, models.System.objects.filter(pk=key)).first() if key else None
        return self.add("log", others=others, just=just, page_title="Log a tool", action="Log this tool", crumbs=[])

    def done(self, record: models.System, verb: str) -> HttpResponse:
        """Back to the record; to the next tool where somebody logs several."""
        if verb == "add" and "another" in self.request.POST:
            kept = {"added": record.pk, "lifecycle": record.lifecycle}
            if record.owning_function_id:
                kept["owning_function"] = record.owning_function_id
            if record.business_owner:
                kept["business_owner"] = f"{record.business_owner} ({record.business_owner.number})"
            return redirect(f"/new/?{urlencode(kept)}")
        return super().done(record, verb)

    def before(self, record: models.System, verb: str) -> dict[str, Any]:
        """What goes with a system that is on its way out."""
        if verb not in {"phase_out", "retire"}:
            return {}
        return {"affected": reports.impact(record, self.user)}

    @classmethod
    def more(cls) -> list[URLPattern]:
        return [
            path(f"{cls.path}/like/", cls.view("like", ("GET",)), name="system-like"),
            path("new/", cls.view("log", ("GET", "HEAD", "POST")), name="log"),
            path("inventory/meetings/", cls.view("meetings", ("GET", "HEAD")), name="meetings"),
        ]

    def meetings(self) -> HttpResponse:
        """Where functions meet: function by function, the systems they share."""
        matrix = reports.meetings(self.user)
        context = {"matrix": matrix, "pairs": reports.pairs(matrix), "page_title": "Where functions meet"}
        return render(self.request, "inventory/meetings.html", context)


class Contracts(RecordViews):
    model = models.Contract
    filterset_class = filters.Contracts
    path = "inventory/contracts"
    icon = "document-text"
    lead = "What was agreed with whom, and by which day somebody has to decide."
    columns = ("renewal_deadline", "act_by", "status", "vendor", "owner", "renewal_mode")
    facts = ("vendor", "owner", "term_end", "act_by", "send_by", "committed_until")
    related = ("vendor", "owner")
    fieldsets = (
        ("The contract", ("name", "reference", "vendor", "systems", "owner", "seats", "description")),
        ("The term", ("start_on", "initial_months", "initial_until", "minimum_until")),
        ("Afterwards", ("renewal_mode", "renewal_months", "uplift_cap")),
        (
            "Notice",
            ("notice_period", "notice_unit", "notice_method", "notice_address", "mail_buffer_days"),
        ),
    )

    def sections(self, record: models.Contract) -> dict[str, Any]:
        return pages.contract(record, self.user)


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

    def sections(self, record: models.Integration) -> dict[str, Any]:
        return pages.integration(record, self.user)


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
        return pages.data_object(record, self.user)


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

    def sections(self, record: models.DataSource) -> dict[str, Any]:
        return pages.data_source(record, self.user)


class Assurances(RecordViews):
    model = models.Assurance
    filterset_class = filters.Assurances
    path = "inventory/assurances"
    icon = "shield-check"
    lead = "Certificates and agreements, and the day each runs out."
    columns = ("kind", "system", "vendor", "issued_on", "expires_on", "acknowledged_at")
    facts = ("kind", "reference", "issued_on", "expires_on")
    related = (
        "system__owning_function__head",
        "system__business_owner",
        "system__technical_owner",
        "vendor__relationship_owner",
    )
    fieldsets = (("The proof", ("kind", "system", "vendor", "reference", "issued_on", "expires_on", "name")),)

    def sections(self, record: models.Assurance) -> dict[str, Any]:
        return pages.assurance(record)
