"""What Fernhollow's functions can carry, half-year by half-year, and who in marketing operations is able to do what."""

from datetime import datetime

from governance.models import Activity, Competency, LetterProposal, ResourceAssessment, SourcingOption
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
ABLE = {  # activity: person, level, days ago; the first two of each are confirmed by the head
    "operate": (("callum", 5, 60), ("ines", 4, 60), ("priya", 4, 70), ("wen", 2, 50)),
    "administer_users": (("callum", 5, 60), ("ines", 3, 60)),
    "support": (("ines", 5, 60), ("wen", 4, 50), ("callum", 3, 60)),
    "train": (("ines", 4, 60), ("wen", 3, 50)),
    "integrate": (("callum", 4, 60),),
    "own_data_quality": (("wen", 5, 50), ("callum", 3, 60)),
    "measure": (("priya", 5, 70), ("wen", 2, 50)),
    "drive_adoption": (("ines", 3, 60), ("priya", 4, 70)),
    "decide_renewal": (("priya", 6, 70),),
    "gather_requirements": (("wen", 4, 50), ("priya", 5, 70)),
    "migrate_data": (("callum", 2, 60),),
}
WAYS = (
    (
        "Our own trainer", "train", "priya", "in_house",
        {"provider": Of("function", "Marketing operations"), "once": "6400", "yearly": "18500", "hours": 24,
         "advantages": "Knows the questions people ask. There on the day something changes.",
         "drawbacks": "Half a day a week that support is missing."},
    ),
    (
        "Web team’s trainer", "train", "priya", "shared",
        {"provider": Of("function", "Web team"), "yearly": "9200", "hours": 10,
         "advantages": "Trains the web editors already.", "drawbacks": "Booked until spring."},
    ),
    (
        "A training agency", "train", "callum", "outsourced",
        {"once": "3200", "yearly": "31000", "hours": 40, "advantages": "As much as we want, in eleven languages.",
         "drawbacks": "Dearest by the year, and has to be told everything first."},
    ),
    (
        "IT applications builds them", "integrate", "priya", "shared",
        {"provider": Of("function", "IT applications"), "yearly": "42000", "hours": 60,
         "advantages": "One team knows all paths and watches them.", "drawbacks": "Six weeks until they begin."},
    ),
    (
        "An integration studio", "integrate", "callum", "outsourced",
        {"once": "15000", "yearly": "54000", "hours": 80, "advantages": "Begins next week.",
         "drawbacks": "Leaves with what it knows."},
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
    for code, people in ABLE.items():
        for place, (who, level, ago) in enumerate(people):
            skill = Of("skill", f"{who} {code}")
            person, step = Of("person", who), Of("activity", code)
            diary.adds(ago, skill, Competency, who, person=person, activity=step, level=level)
            if place < 2 and who != "priya":
                diary.does(ago - 9, skill, "confirm", "priya")
    latest = Of("assessment", "Marketing operations 189")
    diary.does(6, latest, "advise", "priya")
    diary.plan(5, lambda at: _answered(diary, at))


def _answered(diary: Diary, at: datetime) -> None:
    """Priya adopts two proposals for the mail system and declines the third."""
    priya, assessment = (
        diary.records[Of("person", "priya")],
        diary.records[Of("assessment", "Marketing operations 189")],
    )
    rows = LetterProposal.objects.open().filter(assessment=assessment, system__name="Quillmark Engage")
    for place, one in enumerate(rows.order_by("pk")[:3]):
        if place < 2:
            one.adopt(by=priya, at=at)
        else:
            one.decline(by=priya, at=at, note="They get it from the data warehouse, whose letters they have.")


def sourcing(diary: Diary) -> None:
    """Three ways to train people, of which one was chosen, and two to keep the integrations, still open."""
    team = Of("function", "Marketing operations")
    for name, code, who, way, told in WAYS:
        this, step = Of("way", name), Of("activity", code)
        diary.adds(48, this, SourcingOption, who, name=name, activity=step, function=team, way=way, **told)
    kept = {"note": "Ines knows the questions; the agency trains her once.", "review_on": diary.day(-160)}
    diary.does(31, Of("way", "Our own trainer"), "choose", "priya", **kept)
    aside = "Nobody there knows our forms."
    diary.does(31, Of("way", "A training agency"), "set_aside", "priya", note=aside)


def activities() -> dict[str, Activity]:
    """The activities of the process model by code."""
    return {one.code: one for one in Activity.objects.current()}
