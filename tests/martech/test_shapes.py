"""What a cell's text stands for: guards, names, booleans, dates, numbers."""

import csv
import json
import os
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martech.imports import shapes

OPENING = st.text(alphabet="'=+-@＝＋ \t\r\n\u200b\u00a0\ufeffa1\0")


@given(st.one_of(st.text(), OPENING))
def test_unguarding_a_guarded_text_gives_the_text_back(text: str) -> None:
    assert shapes.unguard(shapes.guard(text)) == text


@given(OPENING)
def test_no_guarded_text_begins_with_a_formula_opener_after_blanks(text: str) -> None:
    guarded = shapes.guard(text)
    visible = guarded.lstrip(" \t\r\n\u00a0\u200b\ufeff\0")[:1]
    assert (visible in {"=", "+", "-", "@", "＝", "＋"}, guarded[:1] in {"\t", "\r", "\n"}) == (False, False)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\0=1",
        "＝1+1",
        "＠x",
        "\tx",
        "\rx",
        "\nx",
        "'=1",
    ],
)
def test_a_formula_opener_gets_one_quote(text: str) -> None:
    assert shapes.guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Acme", "a=b", "'tis", "''", "1-2", "O'Neil", " x"])
def test_other_texts_are_left_alone_both_ways(text: str) -> None:
    assert (shapes.guard(text), shapes.unguard(text)) == (text, text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert shapes.fold(shapes.fold(text)) == shapes.fold(text)


def test_names_match_without_case_width_and_spare_space() -> None:
    assert shapes.fold("  Ｍarketing \u00a0 CLOUD\tStraße ") == "marketing cloud strasse"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Acme, Inc.", "acme"),
        ("ACME Ltd", "acme"),
        ("Foo GmbH & Co. KG", "foo"),
        ("Grupo Uno S.A. de C.V.", "grupo uno"),
        ("Uno S. A.", "uno"),
        ("Bar Sp. z o.o.", "bar"),
        ("Example Pty Ltd", "example"),
        ("Booking.com B.V.", "booking.com"),
        ("Marks and Spencer plc", "marks and spencer"),
        ("Built in C", "built in c"),
        ("Co", "co"),
        ("", ""),
    ],
)
def test_legal_forms_at_the_end_are_left_out_when_matches_are_proposed(name: str, bare: str) -> None:
    assert shapes.fold_company(name) == bare


def test_booleans_are_read_in_three_languages() -> None:
    yes = {shapes.to_bool(text) for text in ["yes", "Y", "TRUE", "1", "x", "ja", "oui", "vrai", "on"]}
    no = {shapes.to_bool(text) for text in ["no", "N", "False", "0", "nein", "non", "off"]}
    empty = {shapes.to_bool(text) for text in ("", " ", "-", "–")}
    assert (yes, no, empty) == ({True}, {False}, {None})


def test_it_refuses_a_boolean_it_does_not_know() -> None:
    with pytest.raises(ValueError, match=r"^“perhaps” is neither yes nor no[.]$"):
        shapes.to_bool(" perhaps ")


# Dates


def test_an_unambiguous_column_has_one_format() -> None:
    assert [
        (each.code, each.ambiguous_with) for each in shapes.date_formats(["2020-01-31", "-", "", "2021-12-01"])
    ] == [("YYYY-MM-DD", ())]


def test_an_ambiguous_column_names_every_reading() -> None:
    assert {each.code: each.ambiguous_with for each in shapes.date_formats(["01/05/18"])} == {
        "DD/MM/YY": ("MM/DD/YY", "YY/MM/DD"),
        "MM/DD/YY": ("DD/MM/YY", "YY/MM/DD"),
        "YY/MM/DD": ("DD/MM/YY", "MM/DD/YY"),
    }


def test_one_telling_value_settles_the_column() -> None:
    assert [each.code for each in shapes.date_formats(["01/05/2018", "01/31/2018"])] == ["MM/DD/YYYY"]


def test_a_column_of_several_looks_or_of_none_has_no_single_format() -> None:
    assert (shapes.date_formats(["2020-01", "2020/02"]), shapes.date_formats(["-", ""])) == ([], [])


def test_each_look_is_described_with_its_question() -> None:
    found = shapes.describe_dates(["2020-03", "2019-11", "2020/03", "01/05/18", "-", "-", "-", "soon"])
    assert [(each.shape, each.count, each.question) for each in found] == [
        ("", 3, ""),
        ("0000-00", 2, "“2020-03” is a month without a day: is its first or its last day meant?"),
        ("00/00/00", 1, "“01/05/18”: is it DD/MM/YY or MM/DD/YY or YY/MM/DD?"),
        ("0000/00", 1, "“2020/03” is a month without a day: is its first or its last day meant?"),
        ("?", 1, "“soon” is not a date: leave such cells out, or correct them."),
    ]


def test_contradicting_texts_of_one_look_are_asked_about() -> None:
    (shape,) = shapes.describe_dates(["31/01/2018", "01/31/2018"])
    assert (shape.formats, shape.question) == (
        (),
        "No single reading fits all of these; “31/01/2018” is one. Correct the cells that differ.",
    )


def test_what_follows_from_the_values_alone_leaves_the_ambiguous_out() -> None:
    spec = shapes.date_spec(["2020-03-01", "01/05/18", "2020/03"])
    assert json.loads(json.dumps(spec)) == {"formats": ["YYYY-MM-DD", "YYYY/MM"], "month": None, "blank": []}


@pytest.mark.parametrize(
    ("text", "formats", "month", "day"),
    [
        ("2020-02-29", ["YYYY-MM-DD"], None, date(2020, 2, 29)),
        ("01/05/18", ["MM/DD/YY"], None, date(2018, 1, 5)),
        ("01/05/18", ["DD/MM/YY"], None, date(2018, 5, 1)),
        ("1.5.2018", ["DD.MM.YYYY"], None, date(2018, 5, 1)),
        ("05/05/18", ["MM/DD/YY", "DD/MM/YY"], None, date(2018, 5, 5)),
        ("31/12/69", ["DD/MM/YY"], None, date(1969, 12, 31)),
        ("2020-02", ["YYYY-MM"], "first", date(2020, 2, 1)),
        ("2020-02", ["YYYY-MM"], "last", date(2020, 2, 29)),
        ("02/2019", ["MM/YYYY"], "last", date(2019, 2, 28)),
        ("20200131", ["YYYYMMDD"], None, date(2020, 1, 31)),
        ("29-02-2016 07:08", ["DD-MM-YYYY hh:mm"], None, date(2016, 2, 29)),
        ("2016-02-29T23:59:59Z", ["YYYY-MM-DD hh:mm"], None, date(2016, 2, 29)),
        ("3. März 2020", ["DD Month YYYY"], None, date(2020, 3, 3)),
        ("Mar 3, 2020", ["Month DD YYYY"], None, date(2020, 3, 3)),
        ("3-Mar-20", ["DD Month YY"], None, date(2020, 3, 3)),
        ("févr. 2020", ["Month YYYY"], "last", date(2020, 2, 29)),
        (" - ", ["YYYY-MM-DD"], None, None),
        ("", [], None, None),
    ],
)
def test_a_date_is_read_as_the_user_stated(text: str, formats: list[str], month: str | None, day: date | None) -> None:
    assert shapes.to_date(text, {"formats": formats, "month": month}) == day


def test_further_texts_may_stand_for_empty() -> None:
    assert shapes.to_date("n/a", {"formats": ["YYYY-MM-DD"], "blank": ["n/a"]}) is None


@pytest.mark.parametrize(
    ("text", "formats", "sentence"),
    [
        ("2020-03", ["YYYY-MM"], "“2020-03” is a month without a day: choose the first or the last day of the month."),
        ("2020-02-30", ["YYYY-MM-DD"], "“2020-02-30” is not a day of the calendar."),
        ("2020-13", ["YYYY-MM"], "“2020-13” is not a day of the calendar."),
        ("soon", ["YYYY-MM-DD", "YYYY-MM"], "“soon” is not a date in an accepted format (YYYY-MM-DD, YYYY-MM)."),
        ("2020-01-01", [], "“2020-01-01” is not a date in an accepted format (none is chosen yet)."),
        (
            "01/05/18",
            ["MM/DD/YY", "DD/MM/YY"],
            "“01/05/18” can be read as 2018-01-05 (MM/DD/YY) or 2018-05-01 (DD/MM/YY): keep one of these formats.",
        ),
        ("2020-01-01", ["nonsense"], "“nonsense” is not a date format."),
    ],
)
def test_it_refuses_a_date_with_a_sentence(text: str, formats: list[str], sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        shapes.to_date(text, {"formats": formats, "month": None})
    assert str(refusal.value) == sentence


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_written_in_iso_is_read_back(day: date) -> None:
    assert shapes.to_date(day.isoformat(), {"formats": ["YYYY-MM-DD"]}) == day


@given(st.lists(st.text(alphabet="0123456789-/. abMrzT:", max_size=20), max_size=8))
def test_a_format_found_for_a_column_reads_all_of_it(values: list[str]) -> None:
    for found in shapes.date_formats(values):
        for value in values:
            shapes.to_date(value, {"formats": [found.code], "month": "last"})


@pytest.mark.sample
def test_the_four_looks_of_a_real_list_are_found_and_none_is_guessed() -> None:
    folder = os.environ.get("SAMPLE_DATA")
    if not folder:
        pytest.skip("SAMPLE_DATA does not name the folder of sample files")
    with (Path(folder) / "it_standards_2018-04-12.csv").open(encoding="utf-8", newline="") as file:
        values = [row["Approval Expiration Date"] for row in csv.DictReader(file)]
    found = {each.shape: (each.count, [known.code for known in each.formats]) for each in shapes.describe_dates(values)}
    assert found == {
        "0000-00": (924, ["YYYY-MM"]),
        "": (609, []),
        "0000/00": (9, ["YYYY/MM"]),
        "00/00/00": (1, ["DD/MM/YY", "MM/DD/YY", "YY/MM/DD"]),
    }
    spec = {"formats": ["YYYY-MM", "YYYY/MM", "MM/DD/YY"], "month": "last"}
    assert Counter(shapes.to_date(value, spec) is None for value in values) == {False: 934, True: 609}


# Numbers


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["1.234,56"], {"1.234,56": ()}),
        (["1,234.56"], {"1,234.56": ()}),
        (["1.234"], {"1234.56": ("1.234,56",), "1.234,56": ("1234.56",)}),
        (["1,234"], {"1234,56": ("1,234.56",), "1,234.56": ("1234,56",)}),
        (["1.234", "0,5"], {"1.234,56": ()}),
        (["12", "-", "", "5"], {"1234": ()}),
        (["61.00", "-47,586,015.90"], {"1,234.56": ()}),
        (["1\u202f234,5"], {"1 234,56": ()}),
        (["1’234.5"], {"1'234.56": ()}),
        (["12,34,567.00"], {"1,234.56": ()}),
        (["$5"], {}),
        (["-"], {}),
    ],
)
def test_the_number_formats_of_a_column(values: list[str], formats: dict[str, tuple[str, ...]]) -> None:
    assert {each.code: each.ambiguous_with for each in shapes.number_formats(values)} == formats


@pytest.mark.parametrize(
    ("text", "decimal", "group", "number"),
    [
        ("1.234,56", ",", ".", Decimal("1234.56")),
        ("1,234.56", ".", ",", Decimal("1234.56")),
        ("-5", "", "", Decimal(-5)),
        ("−5.5", ".", "", Decimal("-5.5")),
        ("(1,234.00)", ".", ",", Decimal("-1234.00")),
        (".5", ".", "", Decimal("0.5")),
        ("+0", "", "", Decimal(0)),
        ("-", "", "", None),
    ],
)
def test_a_number_is_read_as_stated(text: str, decimal: str, group: str, number: Decimal | None) -> None:
    assert shapes.to_number(text, {"decimal": decimal, "group": group}) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("$10.50", "“$10.50” is not a plain number: leave out the currency sign or unit."),
        ("9.99 €", "“9.99 €” is not a plain number: leave out the currency sign or unit."),
        ("1.234,56", "“1.234,56” is not a number written like 1,234.56."),
        ("1,2,3", "“1,2,3” is not a number written like 1,234.56."),
        ("NaN", "“NaN” is not a number written like 1,234.56."),
        (".", "“.” is not a number written like 1,234.56."),
        ("9" * 50_000, f"“{'9' * 40}…” is not a number written like 1,234.56."),
    ],
)
def test_it_refuses_a_number_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        shapes.to_number(text, {"decimal": ".", "group": ","})
    assert str(refusal.value) == sentence


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_every_amount_written_with_separators_is_read_back(amount: Decimal) -> None:
    english = f"{amount:,}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert [
        shapes.to_number(english, {"decimal": ".", "group": ","}),
        shapes.to_number(german, {"decimal": ",", "group": "."}),
    ] == [amount, amount]
