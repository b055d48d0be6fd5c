"""How the inventory is asked, by pages and REST alike."""

from inventory import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Vendors(filtering.Filters):
    sort = ("name", "status", "domain", "relationship_owner", *WHEN)

    class Meta:
        model = models.Vendor
        fields = (
            "name",
            "status",
            "kinds",
            "country",
            "domain",
            "parent",
            "relationship_owner",
            "risk_tier",
            "website",
            "categories",
            "aliases",
        )


class Capabilities(filtering.Filters):
    sort = ("position", "name", *WHEN)

    class Meta:
        model = models.Capability
        fields = ("name", "parent")


class Systems(filtering.Filters):
    sort = (
        "name",
        "lifecycle",
        "criticality",
        "vendor",
        "owning_function",
        "business_owner",
        "user_count",
        "live_on",
        "trial_ends_on",
        "retired_on",
        "last_verified_on",
        *WHEN,
    )

    class Meta:
        model = models.System
        fields = (
            "name",
            "vendor",
            "lifecycle",
            "kind",
            "owning_function",
            "business_owner",
            "technical_owner",
            "primary_capability",
            "capabilities",
            "journey_stages",
            "audience",
            "hosting",
            "criticality",
            "data_classification",
            "personal_data",
            "sso",
            "scim",
            "mfa",
            "residency",
            "user_count",
            "functional_fit",
            "technical_fit",
            "disposition",
            "target_on",
            "trial_ends_on",
            "retired_on",
            "live_on",
            "phasing_out_on",
            "last_verified_on",
            "verification",
            "level",
            "confidential",
            "description",
            "url",
        )


class Contracts(filtering.Filters):
    sort = (
        "renewal_deadline",
        "name",
        "act_by",
        "term_end",
        "status",
        "vendor",
        "owner",
        "start_on",
        *WHEN,
    )

    class Meta:
        model = models.Contract
        fields = (
            "name",
            "reference",
            "status",
            "vendor",
            "systems",
            "owner",
            "renewal_mode",
            "start_on",
            "term_end",
            "notice_deadline",
            "next_notice_deadline",
            "act_by",
            "send_by",
            "renewal_deadline",
            "committed_until",
            "minimum_until",
            "notice_method",
            "seats",
        )


class Integrations(filtering.Filters):
    sort = ("name", "status", "source", "target", "owner", "disconnect_on", *WHEN)

    class Meta:
        model = models.Integration
        fields = (
            "name",
            "source",
            "target",
            "direction",
            "method",
            "frequency",
            "data_objects",
            "personal_data",
            "owner",
            "status",
            "disconnect_on",
        )


class DataObjects(filtering.Filters):
    sort = ("name", *WHEN)

    class Meta:
        model = models.DataObject
        fields = ("name", "authoritative_source", "owner", "classification", "personal_data", "match_key")


class DataSources(filtering.Filters):
    sort = ("name", "data_object", "system", "steward", *WHEN)

    class Meta:
        model = models.DataSource
        fields = ("name", "data_object", "system", "steward", "classification")


class Assurances(filtering.Filters):
    sort = ("expires_on", "name", "kind", "issued_on", *WHEN)

    class Meta:
        model = models.Assurance
        fields = ("name", "kind", "system", "vendor", "reference", "issued_on", "expires_on")
