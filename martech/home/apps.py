from django.apps import AppConfig


class Home(AppConfig):
    name = "martech.home"
