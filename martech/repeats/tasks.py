"""The job that forgets answers nobody will ask for again."""

from celery import shared_task
from django.utils import timezone

from martech.repeats.models import forget


@shared_task(name="martech.repeats.tasks.tidy")
def tidy() -> None:
    """Remove answers past their day."""
    forget(timezone.now())
