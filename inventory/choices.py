"""The codes of a system: what each of its choices may be."""

from django.db import models


class Lifecycle(models.TextChoices):
    DISCOVERED = "discovered", "Discovered"
    PROPOSED = "proposed", "Proposed"
    EVALUATING = "evaluating", "Evaluating"
    APPROVED = "approved", "Approved"
    IMPLEMENTING = "implementing", "Implementing"
    LIVE = "live", "Live"
    PHASING_OUT = "phasing_out", "Phasing out"
    RETIRED = "retired", "Retired"
    REJECTED = "rejected", "Rejected"


class Audience(models.TextChoices):
    TEAM = "team", "One team"
    COMPANY = "company", "The whole company"
    PARTNERS = "partners", "Partners"
    CUSTOMERS = "customers", "Customers"
    PUBLIC = "public", "The public"


class Stage(models.TextChoices):
    AWARE = "aware", "Become aware"
    CONSIDER = "consider", "Consider"
    BUY = "buy", "Buy"
    ONBOARD = "onboard", "Get started"
    USE = "use", "Use and get help"
    STAY = "stay", "Stay and recommend"


class Kind(models.TextChoices):
    SAAS = "saas", "Software as a service"
    OFF_THE_SHELF = "off_the_shelf", "Commercial off the shelf"
    HOME_GROWN = "home_grown", "Home-grown"
    AGENCY_RUN = "agency_run", "Run by an agency"
    END_USER = "end_user", "End-user computing"


class Hosting(models.TextChoices):
    SAAS = "saas", "Vendor's cloud"
    CLOUD = "cloud", "Our cloud"
    HYBRID = "hybrid", "Hybrid"
    ON_PREMISES = "on_premises", "On our premises"
    THIRD_PARTY = "third_party", "Hosted by a third party"


class Criticality(models.TextChoices):
    ADMINISTRATIVE = "administrative", "Administrative"
    OPERATIONAL = "operational", "Business operational"
    CRITICAL = "critical", "Business critical"
    MISSION = "mission", "Mission critical"


class Classification(models.TextChoices):
    PUBLIC = "public", "Public"
    INTERNAL = "internal", "Internal"
    CONFIDENTIAL = "confidential", "Confidential"
    RESTRICTED = "restricted", "Restricted"


class Answer(models.TextChoices):
    UNKNOWN = "unknown", "Not known"
    YES = "yes", "Yes"
    NO = "no", "No"
    PAID_TIER = "paid_tier", "Only in a higher tier"


class Disposition(models.TextChoices):
    INVEST = "invest", "Invest"
    SUSTAIN = "sustain", "Sustain"
    MIGRATE = "migrate", "Migrate"
    RETIRE = "retire", "Retire"


class Verification(models.TextChoices):
    VERIFIED = "verified", "Verified"
    NEEDS_CONFIRMATION = "needs_confirmation", "Needs confirmation"
    UNVERIFIED = "unverified", "Unverified"


LIFECYCLE_TONES = {
    Lifecycle.DISCOVERED: "attention",
    Lifecycle.PROPOSED: "info",
    Lifecycle.EVALUATING: "info",
    Lifecycle.APPROVED: "info",
    Lifecycle.IMPLEMENTING: "info",
    Lifecycle.LIVE: "ok",
    Lifecycle.PHASING_OUT: "attention",
    Lifecycle.RETIRED: "muted",
    Lifecycle.REJECTED: "danger",
}
