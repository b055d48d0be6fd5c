"""Money is rounded by its currency's minor unit, half to even."""

from decimal import Decimal

import pytest

from martech.money import minor_unit, rounded


@pytest.mark.parametrize(
    ("amount", "currency", "kept"),
    [
        ("1.005", "EUR", "1.00"),
        ("1.015", "EUR", "1.02"),
        ("0.5", "JPY", "0"),
        ("1.5", "JPY", "2"),
        ("1.2345", "KWD", "1.234"),
        ("-2.675", "USD", "-2.68"),
    ],
)
def test_amounts_are_rounded_by_their_currency(amount, currency, kept):
    assert rounded(Decimal(amount), currency) == Decimal(kept)


def test_a_currency_has_two_digits_unless_iso_4217_says_otherwise():
    assert {code: minor_unit(code) for code in ("EUR", "JPY", "BHD", "CLF")} == {"EUR": 2, "JPY": 0, "BHD": 3, "CLF": 4}
