"""The endpoints of saved views."""

from martech.records import filters, models
from martech.rest.viewsets import RecordViewSet


class SavedViews(RecordViewSet):
    model = models.SavedView
    filterset_class = filters.SavedViews
    path = "saved-views"
