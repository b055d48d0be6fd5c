"""What Fernhollow's functions can carry: marketing operations twice, IT applications once."""

from governance.models import ResourceAssessment
from martech.demo.diary import Diary, Of

# fmt: off
ASSESSED = (
    (
        "Marketing operations", 205, 370, 190, "priya", True,
        {"people": 4, "hours": 150, "measurement": 10, "planning": 10, "infrastructure": 62, "data": 18,
         "below": ["Infrastructure: Forms and landing pages 25 %", "Infrastructure: Keeping Quillmark Engage 22 %",
                   "Data: Cleaning address lists 12 %"],
         "successor_able": "learning", "workflow": 2, "collaboration": 2,
         "workflow_note": "Requests come by mail, by chat and at the coffee machine. Whoever asks knows what is late.",
         "collaboration_note": "IT hears of a new tool when its first import fails.",
         "summary": "Most of the time keeps the machines running. Nobody has time to say what the campaigns bring."},
    ),
    (
        "Marketing operations", 12, 189, -10, "priya", False,
        {"people": 4, "hours": 150, "measurement": 15, "planning": 15, "infrastructure": 52, "data": 25,
         "below": ["Infrastructure: Keeping Quillmark Engage 22 %", "Infrastructure: Forms and landing pages 12 %",
                   "Data: Consent and address lists 18 %"],
         "successor_able": "able", "workflow": 3, "collaboration": 3,
         "workflow_note": "One list of requests, looked through on Mondays.",
         "collaboration_note": "IT applications sits in on Mondays and knows of integrations four weeks earlier.",
         "summary": "Half of the web forms went to the web team. The consent project came on top of a full week."},
    ),
    (
        "IT applications", 40, 189, -10, "tomasz", True,
        {"people": 3, "hours": 112, "measurement": 5, "planning": 10, "infrastructure": 55, "data": 30,
         "successor_able": "able", "workflow": 4, "collaboration": 3,
         "workflow_note": "Every request has a number, an owner and a day.",
         "summary": "Enough people for what runs; not enough for two integrations at a time."},
    ),
)
# fmt: on


def assessments(diary: Diary) -> None:
    """Three assessments; the latest of marketing operations is still a draft."""
    for function, ago, first, last, who, concluded, told in ASSESSED:
        this = Of("assessment", f"{function} {first}")
        period = {"from_on": diary.day(first), "to_on": diary.day(last)}
        diary.adds(ago, this, ResourceAssessment, who, function=Of("function", function), **period, **told)
        if concluded:
            diary.does(ago - 4, this, "conclude", who, note="Gone through with both sides.")
