from django.apps import AppConfig


class Records(AppConfig):
    name = "martech.records"
