from django.apps import AppConfig


class Inventory(AppConfig):
    name = "inventory"
