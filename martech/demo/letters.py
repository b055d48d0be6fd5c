"""How Fernhollow gave the work of its systems to people: by operating models, then changed where that did not fit."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from governance.letters import holder
from governance.models import Assignment, OperatingModel
from martech.demo.diary import Diary, Of

SMALL = "small_tools"
OWN = (
    "operate: A business_owner, R owning_function",
    "administer_users: RA business_owner, I it_function",
    "decide_renewal: A business_owner, R owning_function, I it_function",
)
"""Fernhollow's own model, for what a team can carry beside its work."""


class Applied(NamedTuple):
    """An operating model given to a system so many days ago."""

    system: str
    model: str
    ago: int
    by: str
    note: str = ""


class Changed(NamedTuple):
    """Letters that one activity of a system got so many days ago: key of a person or name of a function -> letters."""

    system: str
    activity: str
    ago: int
    by: str
    letters: dict[str, str]
    note: str = ""


# fmt: off
APPLIED = (
    Applied("Ostrelle CRM", "it_led", 400, "tomasz", "IT runs the CRM, as it has since it was brought in."),
    Applied("Hexlowe ERP", "it_led", 398, "tomasz"),
    Applied("Pipefell", "it_led", 396, "tomasz"),
    Applied("Passbarrow", "it_led", 395, "tomasz"),
    Applied("Quillmark Engage", "hybrid", 380, "callum", "Agreed by Priya and Tomasz after the summer freeze."),
    Applied("Tarnwater Shop", "hybrid", 350, "callum"),
    Applied("Channelwick Portal", "hybrid", 346, "callum"),
    Applied("Data warehouse", "it_led", 330, "tomasz"),
    Applied("Formwold", "marketing_led", 320, "callum"),
    Applied("Planthorne", "marketing_led", 318, "callum"),
    Applied("Vantrell Webinars", "marketing_led", 316, "callum"),
    Applied("Splitfield", "hybrid", 300, "callum"),
    Applied("Bidwharf Console", "hybrid", 290, "callum", "There is no technical owner yet: Kofi asks IT for one."),
    Applied("Yesfold", "hybrid", 280, "callum"),
    Applied("Lettergrove", SMALL, 210, "callum", "Nobody in the brand team wants to own it."),
    Applied("Seekmoor", SMALL, 208, "callum"),
    Applied("Videlbrook", SMALL, 208, "callum"),
    Applied("Shared picture drive", SMALL, 207, "callum"),
    Applied("Ostrelle CRM", "hybrid", 150, "tomasz", "Sales operations answers for it; IT keeps what is technical."),
)
CHANGED = (
    Changed(
        "Formwold", "configure", 200, "callum", {"luca": "R", "fiona": "A", "Web team": "C"},
        "Luca builds the forms; his team hears of it first.",
    ),
    Changed("Planthorne", "measure", 180, "callum", {"wen": "R", "helen": "I"}, "Wen draws the numbers every quarter."),
    Changed(
        "Splitfield", "support", 90, "callum", {"luca": "", "Information technology": ""},
        "IT has no people for it before spring. Nobody answers for it until then.",
    ),
    Changed("Ostrelle CRM", "administer_users", 140, "tomasz", {"peter": "R"}, "Peter gives and takes access."),
    Changed(
        "Ostrelle CRM", "own_data_quality", 120, "chloe", {"wen": "R", "priya": "C"}, "Leads come from both sides.",
    ),
    Changed("Signcroft Quotes", "operate", 240, "chloe", {"chloe": "A", "peter": "R"}),
    Changed("Spare parts catalogue", "operate", 235, "leila", {"leila": "A"}, "For now; Ben has not answered."),
    Changed("Chirrupline", "operate", 170, "callum", {"mette": "R", "kofi": "R"}, "Both post; nobody answers for it."),
    Changed("Vantrell Webinars", "operate", 200, "callum", {"gareth": "RA", "fiona": "I"}),
    Changed("Vantrell Webinars", "train", 200, "callum", {"gareth": "RA"}),
    Changed(
        "Tarnwater Shop", "operate", 60, "callum",
        {"annika": "A", "ivo": "R", "margit": "C", "sean": "C", "charles": "I"},
    ),
    Changed(
        "Data warehouse", "operate", 45, "callum",
        {"noor": "A", "felix": "R", "priya": "C", "chloe": "C", "birgit": "I"},
    ),
    Changed("Quillmark Engage", "drive_adoption", 30, "callum", {"priya": "RA", "ines": "R"}),
    Changed("Quillmark Engage", "train", 30, "callum", {"priya": "RA", "fiona": "I"}),
)
# fmt: on


def letters(diary: Diary) -> None:
    """A model of their own, models given to systems, and what was changed afterwards; some gaps are left in truth."""
    diary.adds(
        211,
        Of("operating model", SMALL),
        OperatingModel,
        "callum",
        name="Small tools",
        code=SMALL,
        description="The team that bought it runs it beside its work; IT hears who has access and what is renewed.",
        lines=list(OWN),
    )
    for given in APPLIED:
        diary.plan(given.ago, applies(diary, given))
    for changed in CHANGED:
        diary.plan(changed.ago, _changes(diary, changed))


def applies(diary: Diary, given: Applied) -> Callable[[datetime], None]:
    """The act that gives the model to the system."""

    def act(at: datetime) -> None:
        model = OperatingModel.objects.get(code=given.model)
        system, by = diary.records[Of("system", given.system)], diary.records[Of("person", given.by)]
        model.apply(system, by=by, on=diary.worked(given.ago), note=given.note, at=at)

    return act


def _changes(diary: Diary, changed: Changed) -> Callable[[datetime], None]:
    def act(at: datetime) -> None:
        step = diary.records[Of("activity", changed.activity)]
        system, by = diary.records[Of("system", changed.system)], diary.records[Of("person", changed.by)]
        wanted = {(step.pk, _holder(diary, who)): told for who, told in changed.letters.items()}
        Assignment.arrange(system, wanted, by=by, on=diary.worked(changed.ago), note=changed.note, at=at)

    return act


def _holder(diary: Diary, who: str) -> str:
    person = diary.records.get(Of("person", who))
    return holder(person.pk) if person else holder(None, diary.records[Of("function", who)].pk)
