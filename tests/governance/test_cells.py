"""Cells of a RACI file, as people write them and as the product does."""

import pytest

from governance import cells


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A/R", "RA"),
        ("R,A", "RA"),
        ("AR", "RA"),
        ("a", "A"),
        (" R & A ", "RA"),
        ("Accountable", "A"),
        ("responsible / accountable", "RA"),
        ("", ""),
        (" – ", ""),
        ("I", "I"),
    ],
)
def test_letters_are_read_as_people_write_them(text, told):
    assert cells.lettered(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("X", "“X” is not made of R, A, C and I."),
        ("yes", "“yes” is not made of R, A, C and I."),
        ("C/R", "RC does not go together: consulted or informed is only who does not do it."),
    ],
)
def test_what_is_no_letter_is_named(text, told):
    with pytest.raises(ValueError, match=r".") as refused:
        cells.lettered(text)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    "holders",
    [
        [],
        [("Ines Falk", "A")],
        [("Ines Falk", "RA"), ("Web", "R")],
        [("Falk, Ines", "A"), ("Web (EMEA)", "C"), ("PER-3", "I")],
    ],
)
def test_what_is_written_is_read_back(holders):
    assert cells.named(cells.written(holders)) == holders


def test_names_that_would_be_read_as_something_else_are_told_apart():
    assert [cells.plain(name) for name in ("Ines Falk", "Falk, Ines", "A (R), B", "")] == [True, True, False, False]
    with pytest.raises(ValueError, match="“Ines Falk” is not a name with its letters"):
        cells.named("Ines Falk")
