"""How long messages are kept."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from martech.webhooks import telling
from martech.webhooks.models import KEPT, Message, Signing

BATCH = 2000
ROUNDS = 50


def tidy(at: datetime) -> int:
    """Remove ended messages after 30 days, in small batches, and secrets that sign no more; how many messages.

    The message of a day ahead stays until that day is past: it says that it was told.
    """
    Signing.objects.filter(until__lt=at).delete()
    standing = Q(day__gte=timezone.localdate(at) - telling.LATE)
    old = Message.objects.filter(at__lt=at - KEPT).exclude(standing).exclude(state=Message.State.LEASED)
    removed = 0
    for _ in range(ROUNDS):
        keys = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        removed += Message.objects.filter(pk__in=keys).delete()[0]
    return removed
