"""The addresses of imports."""

from django.urls import path

from martech.imports import views
from martech.web import links
from martech.web import views as _converter  # noqa: F401 - brings <record:key>

links.PAGES["imports.importbatch"] = "/imports/"

urlpatterns = [
    path("", views.listing, name="imports"),
    path("new/", views.new, name="import-new"),
    path("<record:key>/", views.detail, name="import"),
    path("<record:key>/columns/", views.columns, name="import-columns"),
    path("<record:key>/again/", views.again, name="import-again"),
    path("<record:key>/progress/", views.progress, name="import-progress"),
    path("<record:key>/errors/", views.errors, name="import-errors"),
    path("<record:key>/confirm/", views.act, {"verb": "confirm"}, name="import-confirm"),
    path("<record:key>/cancel/", views.act, {"verb": "cancel"}, name="import-cancel"),
    path("<record:key>/undo/", views.act, {"verb": "undo"}, name="import-undo"),
]
