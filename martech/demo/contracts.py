"""The contracts of Fernhollow: what was agreed with whom, told in days before today, and how it ends or goes on."""

from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.utils import timezone

from inventory.models import Contract, standing
from martech.demo import stack
from martech.demo.diary import Diary, Of

AUTOMATIC = {"renewal_mode": "automatic", "renewal_months": 12, "notice_period": 3}
QUARTERS = {"renewal_mode": "automatic", "renewal_months": 3, "notice_period": 30, "notice_unit": "days"}


class Deal(NamedTuple):
    """Systems it covers, the first of which names the vendor; who owns it; days since it started; what was agreed."""

    name: str
    reference: str
    systems: tuple[str, ...]
    owner: str
    started: int | None
    terms: dict[str, Any]
    what: str = ""


DEALS = (
    # Notice is due, or was not long ago
    Deal(
        "Postwren newsletter service", "PW-2231", ("Postwren",), "fiona", 268,
        {"initial_months": 12, **AUTOMATIC, "mail_buffer_days": 10, "notice_method": "registered_letter",
         "notice_address": "Postwren Ltd, Contracts, 4 Wharf Lane, Bristol", "seats": 10},
        "Dealers' lists move to Quillmark Engage: this one is not to renew.",
    ),
    Deal(
        "Formwold team plan", "", ("Formwold",), "fiona", 625,
        {"initial_months": 12, **QUARTERS, "mail_buffer_days": 3, "notice_method": "email", "seats": 12},
    ),
    # Runs, and renews itself
    Deal(
        "Quillmark Engage subscription", "QM-ORD-11805", ("Quillmark Engage",), "priya", 500,
        {"initial_months": 36, **AUTOMATIC, "uplift_cap": "4", "notice_method": "letter", "seats": 30},
        "Order under the Quillmark frame agreement. The price follows the number of contacts, in steps.",
    ),
    Deal(
        "Ostrelle CRM enterprise agreement", "OST-7714", ("Ostrelle CRM",), "chloe", 900,
        {"initial_months": 36, **AUTOMATIC, "notice_period": 6, "uplift_cap": "3.5", "notice_method": "portal",
         "seats": 240},
    ),
    Deal(
        "Tarnwater Shop platform", "TC/2024/091", ("Tarnwater Shop",), "annika", 420,
        {"initial_months": 24, **AUTOMATIC, "notice_period": 90, "notice_unit": "days", "uplift_cap": "5"},
        "Availability of 99.9 %; credits on request within a month.",
    ),
    Deal(
        "Yesfold consent service", "YF-3310", ("Yesfold",), "priya", 480,
        {"initial_months": 12, **AUTOMATIC, "notice_period": 2, "notice_method": "email"},
    ),
    # The last day for notice has passed
    Deal(
        "Vantrell webinar rooms", "VT-90112", ("Vantrell Webinars",), "fiona", 320,
        {"initial_months": 12, **AUTOMATIC, "seats": 5}, "Nobody gave notice in time: it has renewed once already.",
    ),
    # Ends unless somebody renews it
    Deal(
        "Planthorne company plan", "PT-5520", ("Planthorne",), "callum", 340,
        {"initial_months": 12, "renewal_mode": "manual", "renewal_months": 12, "seats": 160},
    ),
    Deal(
        "Cloudsorrel hosting", "CS-MSA-4", ("Cloudsorrel Hosting",), "ben", 700,
        {"initial_months": 36, "renewal_mode": "manual", "renewal_months": 24, "notice_method": "letter"},
    ),
    # No end
    Deal(
        "Hexlowe ERP maintenance", "HX-WV-1998", ("Hexlowe ERP",), "kasia", 3200,
        {"initial_months": 12, "renewal_mode": "open_ended", "notice_period": 6, "notice_method": "letter"},
    ),
    Deal(
        "Passbarrow sign-on", "PB-2207", ("Passbarrow",), "ben", 460,
        {"initial_months": 24, "renewal_mode": "open_ended", "notice_period": 3},
    ),
    # Over
    Deal(
        "Answerby Desk, first agreement", "AD-0442", ("Answerby Desk",), "leila", 1140,
        {"initial_months": 36, "renewal_mode": "none"}, "The desk has worked without an agreement since.",
    ),
    # Drafts
    Deal("Mosskeep customer data", "", ("Mosskeep",), "ivo", None, {"initial_months": 24, **AUTOMATIC}),
    Deal("Channelwick Portal, first order", "", ("Channelwick Portal",), "", 1300, {}, "Nobody finds the signed copy."),
)  # fmt: skip


def contracts(diary: Diary) -> None:
    """Procurement puts each on record a few days after the systems it covers."""
    makers = {tool.name: tool.vendor for tool in stack.TOOLS}
    for deal in DEALS:
        diary.adds(
            max(min(stack.LOGGED[name] for name in deal.systems) - 3, 1),
            Of("contract", deal.name),
            Contract,
            "marco",
            name=deal.name,
            reference=deal.reference,
            vendor=Of("vendor", makers[deal.systems[0]]),
            systems=[Of("system", name) for name in deal.systems],
            owner=Of("person", deal.owner),
            start_on=None if deal.started is None else diary.day(deal.started),
            description=deal.what,
            **deal.terms,
        )


def until(today: date) -> None:
    """What the job would have done on the days of the story."""
    while standing.roll(timezone.make_aware(datetime.combine(today, time(6)))) == standing.BATCH:
        continue
