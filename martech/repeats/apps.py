from django.apps import AppConfig


class Repeats(AppConfig):
    name = "martech.repeats"
