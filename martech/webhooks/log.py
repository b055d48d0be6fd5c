"""The log of a webhook: what was sent, in words, and no more of it than the reader may see."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from martech.accounts.models import User
from martech.webhooks import events, payload
from martech.webhooks.models import Message, Webhook

TONES = {
    Message.State.WAITING: "info",
    Message.State.LEASED: "info",
    Message.State.SENT: "ok",
    Message.State.DEAD: "danger",
    Message.State.BLOCKED: "danger",
    Message.State.VOID: "muted",
}


@dataclass(frozen=True)
class Line:
    """One message; `number`, `name` and `body` are empty for whoever is not its owner."""

    message: Message
    words: str
    tone: str
    number: str
    name: str
    url: str
    body: str

    @property
    def again(self) -> bool:
        """Whether it can be sent again."""
        return self.message.state not in {Message.State.WAITING, Message.State.LEASED}


@dataclass(frozen=True)
class Figures:
    """How many wait and how many were given up."""

    waiting: int
    given_up: int
    sent: int


def bodies(hook: Webhook, messages: Sequence[Message], reader: Any) -> dict[int, str]:
    """The bodies by message, for the webhook's owner alone and as they may see them now."""
    return payload.bodies(hook, reader, messages) if may_read(hook, reader) else {}


def may_read(hook: Webhook, reader: Any) -> bool:
    """What goes out is what the owner may see; somebody else may see other things."""
    return bool(reader.pk == hook.owner_id and isinstance(reader, User))


def lines(hook: Webhook, messages: Sequence[Message], reader: Any) -> list[Line]:
    """The messages in words."""
    told = bodies(hook, messages, reader)
    return [_line(one, told.get(one.pk, "")) for one in messages]


def figures(hook: Webhook) -> Figures:
    """Counted in one statement."""
    state = Message.State
    counts = hook.messages.aggregate(
        waiting=Count("pk", filter=Q(state__in=(state.WAITING, state.LEASED))),
        given_up=Count("pk", filter=Q(state__in=(state.DEAD, state.BLOCKED))),
        sent=Count("pk", filter=Q(state=state.SENT)),
    )
    return Figures(**counts)


def _line(message: Message, body: str) -> Line:
    data = json.loads(body)["data"] if body else {}
    kind, _, verb = message.event.rpartition(".")
    if message.event == events.PING:
        words = "Test"
    elif verb == events.DAY_AHEAD:
        words = events.ahead(f"{kind}.{message.field}", str(message.ahead))
    else:
        words = events.known().get(message.event, message.event)
    return Line(
        message=message,
        words=words,
        tone=TONES[Message.State(message.state)],
        number=data.get("number", ""),
        name=data.get("name", "") if message.event != events.PING else "",
        url=data.get("url", ""),
        body=json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else "",
    )
