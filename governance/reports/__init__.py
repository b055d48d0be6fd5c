"""Questions across governance, by subject. Each passes through the asker's scope, so totals never leak rows."""

from governance.reports.assessment import SteppingIn, assessed, stepping_in
from governance.reports.attestation import asked_of, campaign
from governance.reports.competency import lacking, skilled
from governance.reports.competency import of as group_of
from governance.reports.gap import SPANS, Trend, closing_plan, mending, of_system, trend, weeks_asked, weeks_given
from governance.reports.handover import items, things
from governance.reports.lettering import findings, offers, rests_on
from governance.reports.matrix import Column, Matrix, Row, changed, column, in_order, matrix, named, told
from governance.reports.operating import Preview, preview, shares
from governance.reports.process import compared, editions, end_to_end, lanes, steps_of
from governance.reports.sourcing import beside as ways_beside
from governance.reports.sourcing import compared as ways
from governance.reports.standin import deputies_of, stand_ins_of

__all__ = [
    "SPANS",
    "Column",
    "Matrix",
    "Preview",
    "Row",
    "SteppingIn",
    "Trend",
    "asked_of",
    "assessed",
    "campaign",
    "changed",
    "closing_plan",
    "column",
    "compared",
    "deputies_of",
    "editions",
    "end_to_end",
    "findings",
    "group_of",
    "in_order",
    "items",
    "lacking",
    "lanes",
    "matrix",
    "mending",
    "named",
    "of_system",
    "offers",
    "preview",
    "rests_on",
    "shares",
    "skilled",
    "stand_ins_of",
    "stepping_in",
    "steps_of",
    "things",
    "told",
    "trend",
    "ways",
    "ways_beside",
    "weeks_asked",
    "weeks_given",
]
