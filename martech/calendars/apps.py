from django.apps import AppConfig


class Calendars(AppConfig):
    name = "martech.calendars"
