"""Two changes of owner at Fernhollow that were put to those consulted: one was decided, one is being asked."""

from governance.models import Consultation
from martech.demo.diary import Diary, Of


def consultations(diary: Diary) -> None:
    """An objection that was overruled, and a question that is open today."""
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
