from django.apps import AppConfig


class Imports(AppConfig):
    name = "martech.imports"
