"""Two changes of owner at Fernhollow that were put to those consulted: one was decided, one is being asked."""

from collections.abc import Callable
from datetime import datetime

from governance.models import Activity, Assignment, Consultation
from martech.demo.diary import Diary, Of

# System, code of an activity, since how many days ago, who gives the letters, (letter, person)
LETTERS = (
    ("Vantrell Webinars", "operate", 200, "callum", (("A", "gareth"), ("R", "gareth"), ("I", "fiona"))),
    ("Vantrell Webinars", "train", 200, "callum", (("R", "gareth"),)),
    ("Quillmark Engage", "drive_adoption", 30, "callum", (("A", "priya"), ("R", "priya"), ("R", "ines"))),
    ("Quillmark Engage", "train", 30, "callum", (("R", "priya"), ("I", "fiona"))),
    (
        "Tarnwater Shop",
        "operate",
        60,
        "callum",
        (("A", "annika"), ("R", "ivo"), ("C", "margit"), ("C", "sean"), ("I", "charles")),
    ),
    (
        "Data warehouse",
        "operate",
        45,
        "callum",
        (("A", "noor"), ("R", "felix"), ("C", "priya"), ("C", "chloe"), ("I", "birgit")),
    ),
)


def consultations(diary: Diary) -> None:
    """Letters for two critical systems, an objection that was overruled, and a question that is open today."""
    for system, code, ago, by, letters in LETTERS:
        for letter, who in letters:
            diary.plan(ago, _gives(diary, system, code, ago, by, letter, who))
    shop = Of("consultation", "shop")
    diary.adds(
        41,
        shop,
        Consultation,
        "tomasz",
        system=Of("system", "Tarnwater Shop"),
        verb="change",
        technical_owner=Of("person", "luca"),
        reason="Ivo is needed on the path to the ERP until summer. Luca knows the front of the shop.",
    )
    diary.does(41, shop, "agree", "sean", note="Luca answers faster anyway.")
    diary.does(40, shop, "object", "margit", note="Not before the spring orders: dealers order through the shop.")
    diary.does(38, shop, "overrule", "annika", note="Ivo stays on call until the spring orders are out.")
    this, luca = Of("system", "Tarnwater Shop"), Of("person", "luca")
    diary.does(37, this, "change", "tomasz", technical_owner=luca, note="As consulted; Ivo stays on call.")
    warehouse = Of("consultation", "warehouse")
    diary.adds(
        1,
        warehouse,
        Consultation,
        "noor",
        system=Of("system", "Data warehouse"),
        verb="change",
        business_owner=Of("person", "felix"),
        reason="I take over planning for all data products; Felix has run the warehouse day by day since it went live.",
    )
    diary.does(1, warehouse, "agree", "chloe", note="Fine, if the pipeline report stays weekly.")


def _gives(
    diary: Diary, system: str, code: str, ago: int, by: str, letter: str, who: str
) -> Callable[[datetime], None]:
    def act(at: datetime) -> None:
        Assignment.add(
            by=diary.records[Of("person", by)],
            at=at,
            system=diary.records[Of("system", system)],
            activity=Activity.objects.get(code=code),
            person=diary.records[Of("person", who)],
            letter=letter,
            from_on=diary.worked(ago),
        )

    return act
