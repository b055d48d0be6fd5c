from django.apps import AppConfig


class Martech(AppConfig):
    name = "martech"

    def ready(self) -> None:
        from martech import checks  # noqa: F401, PLC0415 - registers the start-up checks once models are loaded
