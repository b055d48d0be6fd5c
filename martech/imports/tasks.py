"""The import's job: a sweep over imports with work to do. Late, twice or twice at once it does the same."""

from celery import shared_task

from martech.imports import applying

SOFT, HARD = 900, 960  # seconds; a killed one goes on after its last batch


@shared_task(name="martech.imports.tasks.resume", soft_time_limit=SOFT, time_limit=HARD)
def resume() -> None:
    """Go on with imports that wait or were interrupted."""
    applying.resume()
