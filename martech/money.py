"""Money as a pure value: rounding by the currency's minor unit, and no silent mixing. No Django, no clock."""

from decimal import ROUND_HALF_EVEN, Decimal

# ISO 4217 currencies whose minor unit is not two digits.
MINOR_UNITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

DIGITS, PLACES = 15, 3
"""How an amount is kept: digits in all, and after the point, where the smallest minor units have their place."""


def minor_unit(currency: str) -> int:
    """Digits after the decimal point of an ISO 4217 code."""
    return MINOR_UNITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units of its currency, half to even."""
    return amount.quantize(Decimal(1).scaleb(-minor_unit(currency)), rounding=ROUND_HALF_EVEN)


def exact(amount: Decimal | None) -> str | None:
    """An amount as text, to its last digit that is not nothing: no reader makes a binary fraction of it."""
    return None if amount is None else format(amount.normalize(), "f")
