"""The pages of hand-overs."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from governance import filters, forms, models, reports
from martech.errors import Refused, Stale
from martech.permissions import engine
from martech.web import hand, links, sending
from martech.web.views import RecordViews, refusal


class Handovers(RecordViews):
    model = models.Handover
    filterset_class = filters.Handovers
    path = "governance/handovers"
    icon = "arrows-right-left"
    lead = "What somebody held and who is to have it: proposed, decided, carried out in one act."
    columns = ("person", "receiver", "status", "cause", "expires_on")
    facts = ("person", "receiver", "cause", "expires_on")
    related = ("person", "receiver")
    fieldsets = (("The hand-over", ("person", "receiver", "expires_on", "checklist")),)

    def sections(self, record: models.Handover) -> dict[str, Any]:
        rows = reports.items(record)
        may = "carry_out" in hand.verbs(record, self.user)
        lines = [(place, line, line in record.ticked) for place, line in enumerate(record.checklist, 1)]
        return {
            **self.drawn(rows, forms.SuccessorsForm(record, rows, self.user) if may else None),
            "lines": lines,
            "lines_done": sum(done for _, _, done in lines),
        }

    def drawn(self, rows: list[models.HandoverItem], form: forms.SuccessorsForm | None) -> dict[str, Any]:
        """The things, each with its field where there is a form."""
        things = reports.things(rows, self.user)
        if form is not None:
            things = [replace(thing, field=form.field(thing.item)) for thing in things]
        return {"things": things, "form": form}

    def operate(self, key: tuple[str, int], verb: str) -> HttpResponse:
        return self.settle(key) if verb == "carry_out" else super().operate(key, verb)

    def settle(self, key: tuple[str, int]) -> HttpResponse:
        """Every row with its successor, named and carried out at once; the page itself is the form."""
        record = self.get(key)
        if not engine.may(self.user, "governance.carry_out_handover", record):
            raise PermissionDenied
        if "carry_out" not in hand.verbs(record, self.user):
            return super().operate(key, "carry_out")
        if self.request.method != "POST":
            return redirect(f"{links.of(record)}#overview")
        rows = reports.items(record)
        form = forms.SuccessorsForm(record, rows, self.user, data=self.request.POST)
        if form.is_valid():
            record.expected_version = form.cleaned_data["version"]
            now = "names_only" not in self.request.POST
            try:
                return sending.done_once(
                    self.request,
                    lambda: self.done(
                        record.settle(form.successors(), by=self.user, carry_out=now), "carry_out" if now else "assign"
                    ),
                )
            except ValidationError as error:
                form.tell(error)
            except (Refused, Stale) as error:
                fresh = self.get(key)
                typed = {**self.request.POST.dict(), "version": fresh.version}
                form = forms.SuccessorsForm(fresh, rows, self.user, data=typed)
                return self.show(fresh, 409, **self.drawn(rows, form), **refusal(error))
        return self.show(self.get(key), 422, **self.drawn(rows, form))
