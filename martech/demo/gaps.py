"""What Fernhollow lacks in who answers for what: found every week, closed by giving letters, some of it postponed."""

from datetime import datetime

from governance.letters import holder
from governance.models import Activity, Assignment, ClosingPlan, Gap
from martech.demo.diary import Diary, Of
from martech.demo.letters import Applied, applies

BEGUN = 280
"""Since so many days ago gaps are looked for: soon after the service desk was taken over live."""
GIVEN = (
    ("Answerby Chat", "hybrid", 262, "tess"),
    ("Postwren", "marketing_led", 152, "callum"),
    ("Quillmark Pages", "hybrid", 139, "callum"),
    ("Tidemast Tags", "it_led", 118, "tomasz"),
    ("Tidemast Analytics", "it_led", 104, "tomasz"),
    ("Brackenlight", "it_led", 90, "tomasz"),
    ("Tonguewell", "marketing_led", 69, "callum"),
    ("Project Heron room", "it_led", 62, "tomasz"),
    ("Attribution workbook", "marketing_led", 48, "callum"),
    ("Dealer price book", "hybrid", 27, "callum"),
    ("Tarnwater Pay", "it_led", 13, "tomasz"),
)
"""System, operating model, days ago and who gave it, to close what was missing."""


DESK = ("operate", "administer_users", "support", "train", "drive_adoption", "own_data_quality", "measure")
"""Activities of the service desk that Leila and Tess shared out; the rest waits."""


def gaps(diary: Diary) -> None:
    """A sweep each week; what came in live has a plan, one done and one postponed; one gap is tolerated."""
    for given in (Applied(*one, note="Closes gaps.") for one in GIVEN):
        diary.plan(given.ago, applies(diary, given))
    for ago in range(BEGUN, 0, -7):
        diary.plan(ago, Gap.sweep)
    diary.plan(1, Gap.sweep)
    diary.plan(255, lambda at: _postpones(diary, at))
    diary.plan(41, lambda at: _shares_out(diary, at))
    diary.plan(30, lambda at: _tolerates(diary, at))


def _postpones(diary: Diary, at: datetime) -> None:
    leila = diary.records[Of("person", "leila")]
    plan = ClosingPlan.objects.open().get(owner=leila)
    plan.postpone(by=leila, due_on=diary.day(-25), note="Support of the desk is settled with the new contract.", at=at)


def _shares_out(diary: Diary, at: datetime) -> None:
    desk, leila, tess = (
        diary.records[Of(*one)] for one in (("system", "Answerby Desk"), ("person", "leila"), ("person", "tess"))
    )
    steps = Activity.objects.filter(code__in=DESK).values_list("pk", flat=True)
    wanted = {(step, holder(person.pk)): letter for step in steps for person, letter in ((leila, "A"), (tess, "R"))}
    Assignment.arrange(desk, wanted, by=leila, on=diary.worked(41), note="What the two of us do already.", at=at)


def _tolerates(diary: Diary, at: datetime) -> None:
    callum = diary.records[Of("person", "callum")]
    found = Gap.objects.counting().filter(system__name="Marketing budget workbook", activity__code="support")
    for gap in found:
        note = "The workbook goes as soon as budgets are kept here."
        gap.tolerate(by=callum, tolerated_until=diary.day(-60), note=note, at=at)
