"""Whose eyes a webhook sees with: its owner as they are now, and what they may see now."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from martech.accounts.models import User
from martech.audit.models import Entry
from martech.permissions import engine
from martech.webhooks.models import Webhook


def active() -> "QuerySet[Webhook]":
    """Webhooks that are told of what happens."""
    return Webhook.objects.filter(status=Webhook.Status.ACTIVE, retired_at=None)


def of(hooks: Iterable[Webhook]) -> dict[Any, User]:
    """The owners who are here, with their roles; one statement."""
    keys = {hook.owner_id for hook in hooks}
    return {one.pk: one for one in User.objects.with_roles().filter(pk__in=keys, is_active=True, retired_at=None)}


def seen(owner: User, entries: Iterable[Entry]) -> set[int]:
    """The keys of those entries that the owner may read now."""
    keys = [entry.pk for entry in entries]
    return set(engine.scope(owner, Entry.objects.filter(pk__in=keys)).values_list("pk", flat=True))


def left(hooks: Iterable[Webhook], present: Mapping[Any, User]) -> list[Webhook]:
    """The webhooks whose owner is no longer here."""
    return [hook for hook in hooks if hook.owner_id not in present]
