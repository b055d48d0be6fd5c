"""The notification jobs: each a sweep over rows, short, repeatable, with nothing in its message."""

from celery import shared_task

from martech.notifications import clock, deliver, ledger, telling, tidying


@shared_task(name="martech.notifications.tasks.tell")
def tell() -> None:
    """Read the trail onwards and tell those whom it concerns."""
    at = clock.now()
    clock.beat("tell", at, telling.tell(at))


@shared_task(name="martech.notifications.tasks.relay")
def relay() -> None:
    """Put due digests together and send what waits in the outbox."""
    at = clock.now()
    deliver.gather(at)
    clock.beat("relay", at, deliver.relay(at).sent)


@shared_task(name="martech.notifications.tasks.sweep")
def sweep() -> None:
    """Turn reminders that fell due into notices and mails."""
    at = clock.now()
    clock.beat("sweep", at, ledger.sweep(at))


@shared_task(name="martech.notifications.tasks.tidy")
def tidy() -> None:
    """Remove what nobody looks at any more."""
    tidying.tidy(clock.now())
