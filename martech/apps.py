from django.apps import AppConfig

from martech.celery import app


class Martech(AppConfig):
    name = "martech"

    def ready(self) -> None:
        app.set_default()  # the bell and the tasks of every process belong to our Celery application
        from martech import checks  # noqa: F401, PLC0415 - registers the start-up checks once models are loaded
