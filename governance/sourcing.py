"""Ways to have something done, compared by cost and capacity. Pure: exact decimals, no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from martech import money

MONTHS = 36
"""The horizon over which cost is compared: what is paid once is spread over it, in the field over 12 to 36 months."""


@dataclass(frozen=True)
class Cost:
    """What one way costs: once and each year, in a currency. None where nobody has said it, or may see it."""

    once: Decimal | None
    yearly: Decimal | None
    currency: str

    @property
    def known(self) -> bool:
        return self.once is not None or self.yearly is not None

    @property
    def total(self) -> Decimal | None:
        """Over the horizon; what is not said counts as nothing, where anything is said."""
        if not self.known:
            return None
        return (self.once or Decimal()) + (self.yearly or Decimal()) * MONTHS / 12

    def hourly(self, hours: int | None) -> Decimal | None:
        """What an hour of its capacity costs over the horizon, in whole minor units; `hours` a month."""
        if self.total is None or not hours:
            return None
        return money.rounded(self.total / (hours * MONTHS), self.currency)


def cheapest(costs: Iterable[tuple[int, Cost]]) -> frozenset[int]:
    """The keys of those that cost least over the horizon; none where fewer than two can be compared.

    Amounts of different currencies are never mixed: then nothing is the cheapest.
    """
    known = [(key, one) for key, one in costs if one.total is not None]
    if len(known) < 2 or len({one.currency for _, one in known}) > 1:
        return frozenset()
    least = min(one.total or Decimal() for _, one in known)
    return frozenset(key for key, one in known if one.total == least)
