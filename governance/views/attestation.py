"""The pages of attestation: campaigns, what was asked, and one page with everything a person is asked."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from governance import filters, models, reports
from governance.models.attestation import MATTER
from martech import keys
from martech.errors import Refused
from martech.permissions import engine
from martech.web import sending
from martech.web.views import RecordViews

MINE = "governance/attestations/mine/"


class Campaigns(RecordViews):
    model = models.Campaign
    filterset_class = filters.Campaigns
    path = "governance/attestation-campaigns"
    icon = "megaphone"
    lead = "“Still right?” asked of everybody who answers for a system, with a day by which to answer."
    columns = ("status", "tier", "owning_function", "due_on", "started_at")
    facts = ("status", "tier", "owning_function", "unverified_days", "due_on")
    related = ("owning_function",)
    fieldsets = (
        ("The campaign", ("name", "question", "due_on")),
        ("Which systems", ("tier", "owning_function", "unverified_days")),
    )

    def sections(self, record: models.Campaign) -> dict[str, Any]:
        return reports.campaign(record, self.user, timezone.localdate())


class Attestations(RecordViews):
    model = models.Attestation
    filterset_class = filters.Attestations
    path = "governance/attestations"
    icon = "check-badge"
    lead = "Who was asked whether a system's record is still right, and what they said."
    columns = ("system", "person", "status", "due_on", "answered_at", "campaign")
    facts = ("system", "person", "status", "due_on", "answered_at", "answered_by", "campaign")
    related = ("system", "person", "campaign", "answered_by")
    fieldsets = (("The question", ("system", "person", "campaign", "due_on")),)

    @classmethod
    def more(cls) -> list[URLPattern]:
        return [path(MINE, cls.view("mine", ("GET", "HEAD", "POST")), name="attestations-mine")]

    def mine(self) -> HttpResponse:
        """Everything this person is asked, on one page; what is ticked is confirmed as unchanged in one go."""
        if self.request.method == "POST":
            return sending.done_once(self.request, self._confirm)
        context = {
            "asked": reports.asked_of(self.user, timezone.localdate()),
            "page_title": "Is it still right?",
            "base": f"/{self.path}/",
            "once": sending.key(self.request),
        }
        return render(self.request, "governance/attestations_mine.html", context)

    def _confirm(self) -> HttpResponse:
        ticked = {keys.key(text) for text in self.request.POST.getlist("key")} - {None}
        instead = engine.stood_in_for(self.user, MATTER)
        rows = engine.scope(self.user, models.Attestation.objects.of(self.user, instead).filter(pk__in=ticked))
        done, refused = 0, []
        for one in rows.select_related("system").order_by("pk"):
            try:
                with transaction.atomic():  # a refusal takes back its own writes and no other
                    one.confirm(by=self.user)
                done += 1
            except Refused as error:
                refused.append(str(error))
        if done:
            messages.success(self.request, f"{done} system{'s' if done != 1 else ''} confirmed as unchanged.")
        for sentence in refused:
            messages.error(self.request, sentence)
        if not done and not refused:
            messages.error(self.request, "Tick at least one system that is still right.")
        return redirect(f"/{MINE}")
