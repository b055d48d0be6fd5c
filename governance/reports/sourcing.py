"""Sourcing options side by side: what each way costs and can carry, as far as the asker sees the money."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from governance import sourcing
from governance.models import SourcingOption
from martech.permissions import engine
from martech.web.shown import knowing


@dataclass(frozen=True)
class Option:
    """One way. Amounts are in its currency; empty where nobody has said them, or this reader may not see them."""

    record: SourcingOption
    seen: bool
    once: Decimal | None
    yearly: Decimal | None
    total: Decimal | None
    hourly: Decimal | None
    share: int
    carries: int
    cheapest: bool
    here: bool

    @property
    def by(self) -> str:
        """Who would do it."""
        return str(self.record.vendor or self.record.provider or "")


@dataclass(frozen=True)
class Question:
    """The options of one activity, for one function and system where these are named."""

    title: str
    about: str
    options: tuple[Option, ...]
    chosen: SourcingOption | None
    mixed: bool
    add: str


RELATED = ("activity", "function", "system", "provider", "vendor", "owner")


def compared(user: Any, rows: "QuerySet[SourcingOption]", here: int = 0) -> list[Question]:
    """The options in these rows that a person sees, question by question; one statement."""
    told = knowing(user, engine.scope(user, rows.filter(retired_at=None)), "system").select_related(*RELATED)
    money = engine.verdict_column(engine.condition(user, "governance.view_money"))
    found: dict[str, list[Any]] = {}
    for one in told.annotate(money=money).order_by(
        "activity__phase_order",
        "activity__position",
        F("function__name").asc(nulls_first=True),
        F("system__name").asc(nulls_first=True),
        "pk",
    ):
        found.setdefault(one.question, []).append(one)
    return [_question(options, here) for options in found.values()]


def _question(rows: list[Any], here: int) -> Question:
    first = rows[0]
    costs = {one.pk: _cost(one) for one in rows}
    known = [cost.total for cost in costs.values() if cost.total is not None]
    mixed = len({cost.currency for cost in costs.values() if cost.known}) > 1
    dearest, widest = max(known, default=Decimal()), max((one.hours or 0 for one in rows), default=0)
    least = sourcing.cheapest(costs.items())
    system = first.system if first.system_seen else None
    about = [f"for {one}" for one in (first.function, system) if one]
    about += ["for a system you do not see"] if first.system_id and not system else []
    address = [f"activity={first.activity.number}"]
    address += [f"function={first.function_id}"] if first.function_id else []
    address += [f"system={system.number}"] if system else []
    return Question(
        str(first.activity),
        " ".join(about),
        tuple(
            Option(
                one,
                one.money,
                costs[one.pk].once,
                costs[one.pk].yearly,
                costs[one.pk].total,
                costs[one.pk].hourly(one.hours),
                _share(costs[one.pk].total, dearest) if not mixed else 0,
                _share(one.hours, widest),
                one.pk in least,
                one.pk == here,
            )
            for one in rows
        ),
        next((one for one in rows if one.status == SourcingOption.Status.CHOSEN), None),
        mixed,
        "&".join(address),
    )


def _cost(one: Any) -> sourcing.Cost:
    return sourcing.Cost(one.once, one.yearly, one.currency) if one.money else sourcing.Cost(None, None, one.currency)


def _share(part: Decimal | int | None, whole: Decimal | int) -> int:
    return round(100 * part / whole) if part and whole else 0


def beside(user: Any, record: SourcingOption) -> Iterable[Question]:
    """The question a record belongs to."""
    return compared(user, SourcingOption.objects.filter(question=record.question), record.pk)
