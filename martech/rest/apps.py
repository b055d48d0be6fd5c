from django.apps import AppConfig


class Rest(AppConfig):
    name = "martech.rest"
