from django.apps import AppConfig


class Webhooks(AppConfig):
    name = "martech.webhooks"

    def ready(self) -> None:
        from martech.audit.models import recorded  # noqa: PLC0415 - models are loaded only now
        from martech.webhooks import telling  # noqa: PLC0415

        recorded.connect(telling.ring, dispatch_uid="martech.webhooks")
