"""What is told of a system beside its fields, each made of several of them or worked out by the database."""

from inventory import completeness, fit, halves, measured
from martech.computed import Computed

SYSTEM: dict[str, Computed] = {
    "halves": Computed("Interlock", halves.PATHS, halves.shares, "ring"),
    "owner": Computed(
        "Owner",
        ("business_owner_id", "technical_owner_id", "owning_function__head_id"),
        lambda business, technical, head: business or technical or head,
        "reference",
        model="accounts.user",
    ),
    "owner_name": Computed(
        "Owner, name",
        ("business_owner__name", "technical_owner__name", "owning_function__head__name"),
        lambda business, technical, head: business or technical or head,
    ),
    "time_quadrant": Computed(
        "TIME", ("functional_fit", "technical_fit"), fit.quadrant, "choice", choices=fit.QUADRANTS
    ),
    "level": Computed(
        "Level",
        ("points_there",),
        completeness.level,
        "choice",
        choices=completeness.LEVELS,
        where=measured.at,
        on_demand=True,
    ),
    "completeness": Computed("Complete, in percent", ("points_there",), completeness.score, "number", on_demand=True),
}
