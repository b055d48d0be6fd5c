"""Every REST route, and the schema."""

from django.urls import path

from governance import api as governance
from inventory import api as inventory
from martech.accounts import api as accounts
from martech.calendars import api as calendars
from martech.files import api as files
from martech.home import api as home
from martech.home import changes
from martech.imports import api as imports
from martech.notifications import api as notifications
from martech.records import api as records
from martech.rest import document
from martech.sync import api as sync
from martech.webhooks import api as webhooks

urlpatterns = [
    path("schema/", document.Document.as_view(), name="schema"),
    path("docs/", document.Docs.as_view(url_name="schema"), name="docs"),
    *accounts.People.urls(),
    *accounts.Functions.urls(),
    *accounts.Tokens.urls(),
    *calendars.Calendars.urls(),
    *records.SavedViews.urls(),
    *files.Documents.urls(),
    *imports.Imports.urls(),
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
    *governance.Activities.urls(),
    *governance.ProcessVersions.urls(),
    *governance.Assignments.urls(),
    *governance.Campaigns.urls(),
    *governance.Attestations.urls(),
    *governance.Consultations.urls(),
    *governance.Answers.urls(),
    *governance.Matrices.urls(),
    *governance.OperatingModels.urls(),
    *governance.Gaps.urls(),
    *governance.ClosingPlans.urls(),
    *governance.BusinessProcesses.urls(),
    *governance.ProcessSteps.urls(),
    *governance.JourneyStages.urls(),
    *governance.Handovers.urls(),
    *governance.ResourceAssessments.urls(),
    *governance.SourcingOptions.urls(),
    *governance.StandIns.urls(),
    *governance.Competencies.urls(),
    *governance.LetterProposals.urls(),
    path("entries/", home.Entries.as_view(), name="api-entries"),
    path("changes/", changes.Changes.as_view(), name="api-changes"),
    path("comments/", home.Comments.as_view(), name="api-comments"),
    path("notices/", notifications.Notices.as_view(), name="api-notices"),
    path("notices/<int:key>/read/", notifications.NoticeRead.as_view(), name="api-notice-read"),
]
