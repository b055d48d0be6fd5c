"""The jobs of webhooks: each a sweep over rows, short, repeatable, with nothing in its message."""

from celery import shared_task

from martech.notifications import clock
from martech.webhooks import relay, telling, tidying


@shared_task(name="martech.webhooks.tasks.tell")
def tell() -> None:
    """Read the trail onwards and send what is due."""
    at = clock.now()
    telling.replay(at)
    clock.beat("webhooks", at, relay.run(at).sent)


@shared_task(name="martech.webhooks.tasks.look_ahead")
def look_ahead() -> None:
    """Find dates that come near; pause webhooks whose owner has left."""
    at = clock.now()
    relay.pause_those_left(at)
    telling.look_ahead(at)


@shared_task(name="martech.webhooks.tasks.tidy")
def tidy() -> None:
    """Remove messages past their time."""
    tidying.tidy(clock.now())
