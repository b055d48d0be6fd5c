"""The pages of webhooks: what goes where, whether it works, and the log of what was sent."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import classonlymethod

from martech.web import links
from martech.web.views import RecordViews
from martech.webhooks import events, filters, log, models

RECENT = 10
SHOWN = 50
STATES = models.Message.State
GIVEN_UP = ("given_up", "Given up or blocked")
"""What the webhook's page counts as given up, as a state to ask for."""


class Webhooks(RecordViews):
    model = models.Webhook
    filterset_class = filters.Webhooks
    path = "webhooks"
    icon = "arrow-up-right"
    lead = "Other programs that hear of what happens here, as it happens."
    columns = ("url", "status", "owner")
    facts = ("url", "owner")
    related = ("owner", "standing")
    fieldsets = (
        ("Where to", ("name", "url", "owner")),
        ("What of", ("events", "conditions", "days")),
    )

    def sections(self, record: models.Webhook) -> dict[str, Any]:
        told = list(record.messages.select_related("entry__by").order_by("-pk")[: RECENT + 1])
        return {
            "figures": log.figures(record),
            "lines": log.lines(record, told[:RECENT], self.user),
            "more_messages": len(told) > RECENT,
            "host": urlsplit(record.url).hostname or "",
            "subtitle": f"To {urlsplit(record.url).hostname}",
            "events_told": list(events.told(record.events)),
            "conditions_told": [events.said(*events.split(line)) for line in record.conditions],
            "days_told": [events.ahead(*events.split(line)) for line in record.days],
            "mine": log.may_read(record, self.user),
            "now": timezone.now(),
        }

    def deliveries(self, key: tuple[str, int]) -> HttpResponse:
        """The log, newest first; one message opened where the address names it."""
        record = self.get(key)
        asked = {name: self.request.GET.get(name, "") for name in ("state", "before", "delivery")}
        rows = record.messages.select_related("entry__by").order_by("-pk")
        if asked["state"] == GIVEN_UP[0]:
            rows = rows.given_up()
        elif asked["state"] in STATES.values:
            rows = rows.filter(state=asked["state"])
        if _whole(asked["before"]):
            rows = rows.filter(pk__lt=int(asked["before"]))
        if _whole(asked["delivery"]):
            rows = rows.filter(pk=int(asked["delivery"]))
        told = list(rows[: SHOWN + 1])
        context = {
            "record": record,
            "lines": log.lines(record, told[:SHOWN], self.user),
            "older": told[SHOWN - 1].pk if len(told) > SHOWN else "",
            "asked": asked,
            "open": _whole(asked["delivery"]),
            "states": [*STATES.choices, GIVEN_UP],
            "verbs": record.verbs(self.user),
            "mine": log.may_read(record, self.user),
            "page_title": f"Deliveries of {record}",
        }
        return self.render("deliveries", context)

    def done(self, record: Any, verb: str) -> HttpResponse:
        """A new secret stands on the answer to this one request; whatever is sent again is seen in the log."""
        if record.secret:
            context = {"record": record, "page_title": f"The secret of {record}", "changed": verb == "rotate"}
            response = self.render("secret", context, 201 if verb == "add" else 200)
            add_never_cache_headers(response)
            response["Content-Location"] = links.of(record)
            return response
        answer = super().done(record, verb)
        return redirect(f"{links.of(record)}#deliveries") if verb in {"test", "replay"} else answer

    @classonlymethod
    def more(cls) -> list[URLPattern]:
        log_of = cls.view("deliveries", ("GET", "HEAD"))
        return [path(f"{cls.path}/<record:key>/deliveries/", log_of, name="webhook-deliveries")]


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
