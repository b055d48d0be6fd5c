from django.apps import AppConfig


class Notifications(AppConfig):
    name = "martech.notifications"

    def ready(self) -> None:
        from martech.audit.models import recorded  # noqa: PLC0415 - models are loaded only now
        from martech.notifications import checks, listen  # noqa: F401, PLC0415

        recorded.connect(listen.hear, dispatch_uid="martech.notifications")
