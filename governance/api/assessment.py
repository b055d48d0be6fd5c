"""The endpoints of assessments, competencies and proposed letters."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class ResourceAssessments(RecordViewSet):
    model = models.ResourceAssessment
    filterset_class = filters.ResourceAssessments
    path = "assessments"


class Competencies(RecordViewSet):
    model = models.Competency
    filterset_class = filters.Competencies
    path = "competencies"


class LetterProposals(RecordViewSet):
    model = models.LetterProposal
    filterset_class = filters.LetterProposals
    path = "letter-proposals"
