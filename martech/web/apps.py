from django.apps import AppConfig


class Web(AppConfig):
    name = "martech.web"
