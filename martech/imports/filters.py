"""How imports are asked."""

from martech.filtering import Filters
from martech.imports import models


class Imports(Filters):
    sort = ("created_at", "status", "kind", "changed_at")

    class Meta:
        model = models.ImportBatch
        fields = ("kind", "status", "file_name", "uploaded_by", "finished_at")
