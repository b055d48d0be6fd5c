"""How syncs are asked."""

from martech.filtering import Filters
from martech.sync import models


class SyncRuns(Filters):
    sort = (
        "-created_at",
        "created_at",
        "source",
        "kind",
        "error_count",
        "difference_count",
        "match_count",
        "changed_at",
    )

    class Meta:
        model = models.SyncRun
        fields = (
            "kind",
            "source",
            "mode",
            "sent_by",
            "error_count",
            "difference_count",
            "match_count",
            "retired_count",
        )
