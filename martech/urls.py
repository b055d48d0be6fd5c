"""Every HTML route, by app; the REST routes are in martech/api_urls.py."""

from django.urls import include, path

from governance import views as governance
from inventory import views as inventory
from martech.accounts import directory
from martech.calendars import views as calendars
from martech.home import health
from martech.home import views as home
from martech.notifications import views as notifications
from martech.sync import views as sync
from martech.webhooks import views as webhooks

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("suggest/<str:kind>/", home.suggest, name="suggest"),
    path("trail/", home.trail, name="trail"),
    path("documents/<int:key>/content/", home.document, name="document"),
    path("styleguide/", home.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("health/", health.health, name="health"),
    path("inbox/", notifications.inbox, name="inbox"),
    path("inbox/<int:key>/<slug:act>/", notifications.act, name="notice-act"),
    path("", include("martech.accounts.urls")),
    path("imports/", include("martech.imports.urls")),
    path("api/v1/", include("martech.api_urls")),
    *directory.People.urls(),
    *directory.Functions.urls(),
    *calendars.Calendars.urls(),
    *sync.SyncRuns.urls(),
    *webhooks.Webhooks.urls(),
    *inventory.Vendors.urls(),
    *inventory.Capabilities.urls(),
    *inventory.Systems.urls(),
    *inventory.Integrations.urls(),
    *inventory.DataObjects.urls(),
    *inventory.DataSources.urls(),
    *inventory.Contracts.urls(),
    *inventory.Assurances.urls(),
    *governance.matrix.urls(),
    *governance.gridfile.urls(),
    *governance.grid.urls(),
    *governance.OperatingModels.urls(),
    *governance.Activities.urls(),
    *governance.ProcessVersions.urls(),
    *governance.Assignments.urls(),
    *governance.Campaigns.urls(),
    *governance.Attestations.urls(),
    *governance.Consultations.urls(),
    *governance.Gaps.urls(),
    *governance.ClosingPlans.urls(),
    *governance.BusinessProcesses.urls(),
    *governance.ProcessSteps.urls(),
    *governance.JourneyStages.urls(),
    *governance.Handovers.urls(),
    *governance.ResourceAssessments.urls(),
    *governance.sourcing.urls(),
    *governance.SourcingOptions.urls(),
    *governance.StandIns.urls(),
    *governance.Competencies.urls(),
    *governance.LetterProposals.urls(),
]
