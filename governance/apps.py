from django.apps import AppConfig


class Governance(AppConfig):
    name = "governance"
