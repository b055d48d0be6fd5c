from django.apps import AppConfig


class Sync(AppConfig):
    name = "martech.sync"
