"""A RACI grid comes in as a file: told row by row first, done in one act, and the same file twice changes nothing."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from governance import cells, gridfile
from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import Function, User
from martech.audit.models import Entry

pytestmark = pytest.mark.django_db
URL = "/governance/matrix/import/"


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail")


@pytest.fixture
def web(ada):
    return Function.add(by=ada, name="Web")


@pytest.fixture
def page(mona, client):
    client.force_login(mona)
    return client


def brought(client, content, name="raci.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    return client.post(URL, {"file": SimpleUploadedFile(name, content), **fields})


def confirmed(client, preview, *ticked):
    return client.post(URL, {"plan": preview.context["plan"], "alone": ticked}, follow=True)


def letters_of(system):
    rows = Assignment.objects.valid(date.max).filter(system=system).order_by("activity__code", "letter", "pk")
    return [(one.activity.code, one.letter, one.holder.name) for one in rows]


def faults(preview):
    return [(one.line.line, one.line.faults) for one in preview.context["wrong"]]


def test_a_grid_of_one_system_is_told_first_and_done_when_confirmed(page, mail, web, mona, ivan, mia):
    text = f"Activity;{ivan.email};Mia Member;Web\nOperate the system;A/R;C;\ntrain;a;;r\n"
    preview = brought(page, text, system="Mail", note="From the workshop")
    assert (faults(preview), preview.context["changes"], letters_of(mail)) == ([], 5, [])
    assert preview.context["doing"][0].says[0].startswith("Ivan Itkin becomes ")

    confirmed(page, preview)

    assert letters_of(mail) == [
        ("operate", "A", "Ivan Itkin"),
        ("operate", "C", "Mia Member"),
        ("operate", "R", "Ivan Itkin"),
        ("train", "A", "Ivan Itkin"),
        ("train", "R", "Web"),
    ]
    entries = Entry.objects.filter(kind="governance.assignment")
    assert (entries.values("act").distinct().count(), {one.note for one in entries}) == (1, {"From the workshop"})
    again = brought(page, text, system=mail.number)
    assert (again.context["changes"], again.context["plan"], faults(again)) == (0, "", [])


def test_rows_that_break_rules_are_named_and_stay_out(page, mail, web, mona, ivan, mia):
    gone = System.add(by=mona, name="Gone")
    gone.retire(by=mona, note="Over")
    twins = [User.objects.create_user(f"{n}@cast.example", name="Twin Twinsen") for n in "ab"]
    several = ", ".join(one.number for one in twins)
    text = (
        "system,activity,R,A,C,I\n"
        f"Mail,operate,{ivan.number},Ivan Itkin,,\n"
        "Mail,train,,Ivan Itkin; Mia Member,,\n"
        "Mail,support,,Web,,\n"
        "Mail,integrate,Mia Member,Ivan Itkin,Mia Member,\n"
        "Mail,configure,Nobody Known,Ivan Itkin,,\n"
        "Mail,dance,,Ivan Itkin,,\n"
        "Gone,operate,,Ivan Itkin,,\n"
        "Nowhere,operate,,Ivan Itkin,,\n"
        "Mail,customize,,Twin Twinsen,,\n"
        "Mail,operate,,Mia Member,,\n"
    )
    preview = brought(page, text)
    assert faults(preview) == [
        (3, ["Only one person is accountable for an activity at a time."]),
        (4, ["Accountable is always a person: a function cannot answer for it."]),
        (5, ["Mia Member: RC does not go together: consulted or informed is only who does not do it."]),
        (6, ["There is no person or function “Nobody Known”."]),
        (7, ["There is no activity “dance”."]),
        (8, [f"{gone.number} is retired. Restore it first."]),
        (9, ["There is no system “Nowhere”, or it is not yours to see."]),
        (10, [f"Twin Twinsen: Several are called “Twin Twinsen”: {several}. Give the number."]),
        (11, ["Line 2 is about this activity of this system already."]),
    ]
    assert "Only one person is accountable" in preview.content.decode()

    confirmed(page, preview)

    assert letters_of(mail) == [("operate", "A", "Ivan Itkin"), ("operate", "R", "Ivan Itkin")]


def test_a_row_without_an_accountable_person_is_done_only_where_it_is_ticked(page, mail, mona, ivan):
    text = "Activity,Ivan Itkin\noperate,R\ntrain,R\n"
    preview = brought(page, text, system="Mail")
    alone = [one.key for one in preview.context["alone"]]
    assert (len(alone), preview.context["doing"]) == (2, [])
    refused = confirmed(page, preview)
    assert (refused.status_code, letters_of(mail)) == (409, [])
    confirmed(page, preview, alone[0])
    assert len(letters_of(mail)) == 1
    Assignment.arrange(mail, {(Activity.objects.get(code="train").pk, f"person-{ivan.pk}"): "A"}, by=mona)
    rest = brought(page, text.replace("train,R", "train,R/A"), system="Mail")
    assert rest.context["alone"] == []


def test_who_is_not_named_loses_letters_only_where_the_file_is_complete(page, mail, mona, ivan, mia):
    operate = Activity.objects.get(code="operate").pk
    Assignment.arrange(mail, {(operate, f"person-{mia.pk}"): "A", (operate, f"person-{ivan.pk}"): "R"}, by=mona)
    text = "Activity,Mia Member\noperate,A\n"
    assert brought(page, text, system="Mail").context["changes"] == 0
    preview = brought(page, text, system="Mail", complete="on")
    assert preview.context["doing"][0].says[0].startswith("Ivan Itkin ")
    confirmed(page, preview)
    assert letters_of(mail) == [("operate", "A", "Mia Member")]


@pytest.mark.parametrize("complete", [{}, {"complete": "on"}])
@pytest.mark.parametrize(("format", "of_one"), [("csv", False), ("xlsx", False), ("csv", True), ("xlsx", True)])
def test_the_export_of_the_matrix_comes_back_without_a_change(page, mail, web, mona, ivan, format, of_one, complete):
    twins = [User.objects.create_user(f"{n}@cast.example", name="Twin Twinsen") for n in "ab"]
    odd = User.objects.create_user("odd@cast.example", name="=Odd, Name (R), B")
    keys = {code: Activity.objects.get(code=code).pk for code in ("operate", "train")}
    wanted = {
        (keys["operate"], f"person-{ivan.pk}"): "RA",
        (keys["operate"], f"person-{twins[1].pk}"): "C",
        (keys["train"], f"person-{odd.pk}"): "A",
        (keys["train"], f"function-{web.pk}"): "R",
    }
    Assignment.arrange(mail, wanted, by=mona)
    address = f"/inventory/systems/{mail.pk}/raci/{format}/" if of_one else f"/governance/matrix/{format}/"
    content = b"".join(page.get(address))
    preview = brought(page, content, name=f"raci.{format}", **complete)
    assert (faults(preview), preview.context["changes"]) == ([], 0)
    assert dict(preview.context["figures"])["Unchanged"] == 2


def test_what_changed_meanwhile_is_shown_before_anything_is_done(page, mail, mona, ivan, mia):
    preview = brought(page, "Activity,Ivan Itkin\noperate,A\n", system="Mail")
    Assignment.arrange(mail, {(Activity.objects.get(code="operate").pk, f"person-{mia.pk}"): "A"}, by=mona)
    told = confirmed(page, preview)
    assert (told.status_code, letters_of(mail)) == (409, [("operate", "A", "Mia Member")])
    assert "Mia Member is no longer accountable" in told.content.decode() or "does not become" in told.content.decode()
    confirmed(page, told)
    assert ("operate", "A", "Ivan Itkin") in letters_of(mail)


def workbook():
    book = Workbook()
    book.active.append(["Activity", "Ivan Itkin"])
    book.active.append(["operate", "AR"])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_workbook_is_read_like_text(page, mail, ivan):
    assert brought(page, workbook(), "raci.xlsx", system="Mail").context["changes"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 ...", "The file is a PDF document"),
        (b"", "empty"),
        (b'{"a": 1}', "The file holds JSON"),
        (b"Activity,Ivan Itkin\n", "no rows below it"),
        (b"Activity\noperate\n", "no column with letters"),
        (b"system,activity\nMail,operate\n", "no column with letters"),
        (b"a,b\0\noperate,A\n", "NUL character"),
    ],
)
def test_a_file_that_is_no_grid_gets_a_clear_answer_and_what_was_typed_stays(page, mail, content, sentence):
    answer = brought(page, content, system="Mail", note="Kept words")
    told = answer.content.decode()
    assert (answer.status_code, sentence in told, "Kept words" in told) == (422, True, True)


def test_a_file_without_a_system_asks_for_one(page, mail):
    assert "Choose the system this is about" in brought(page, "Activity,Web\noperate,A\n").content.decode()
    assert "There is no system" in brought(page, "Activity,Web\noperate,A\n", system="Nix").content.decode()


def test_a_name_in_another_encoding_is_read_and_said(page, mail):
    User.objects.create_user("j@cast.example", name="Jörg Müller")
    preview = brought(page, "Activity,Jörg Müller\noperate,A\n".encode("windows-1252"), system="Mail")
    assert preview.context["changes"] == 1
    assert "It is read as Windows-1252" in preview.content.decode()


def test_a_preview_is_good_for_its_person_alone(page, mail, ivan, cast, client):
    preview = brought(page, "Activity,Ivan Itkin\noperate,A\n", system="Mail")
    client.force_login(cast.it)
    told = client.post(URL, {"plan": preview.context["plan"]}, follow=True).content.decode()
    assert ("This preview is no longer good" in told, letters_of(mail)) == (True, [])


def test_whoever_may_not_give_letters_is_refused(client, mail, mia, ivan):
    client.force_login(mia)
    answer = brought(client, "Activity,Ivan Itkin\noperate,A\n", system="Mail")
    assert (answer.status_code < 500, letters_of(mail)) == (True, [])
    if answer.status_code == 200:
        assert faults(answer) == [(2, ["You may not say who does what for this system."])]


def test_a_preview_takes_as_many_statements_for_many_rows_as_for_few(page, mail, mona, ivan):
    for number in range(60):
        System.add(by=mona, name=f"System {number}")
    head, counts = "system,operate,train\n", []
    for rows in (2, 60):
        text = head + "".join(f"System {number},Ivan Itkin (A/R),Ivan Itkin (A)\n" for number in range(rows))
        with CaptureQueriesContext(connection) as captured:
            preview = brought(page, text)
        counts.append(len(captured))
        assert preview.context["changes"] == 3 * rows
    assert counts[0] == counts[1]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "soon"])
def test_a_day_that_cannot_be_meant_is_refused(page, mail, ivan, day):
    answer = brought(page, "Activity,Ivan Itkin\noperate,A\n", system="Mail", on=day)
    assert (answer.status_code, "on" in answer.context["form"].errors) == (422, True)


def test_a_retired_system_does_not_stand_before_a_new_one_of_its_name(page, mail, mona):
    mail.retire(by=mona)
    text = f"System;Activity;A\nMail;Operate the system;{mona.email}\n"
    assert faults(brought(page, text)) == [(2, [f"{mail.number} is retired. Restore it first."])]
    System.add(by=mona, name="Mail")
    assert faults(brought(page, text)) == []
    assert faults(brought(page, text.replace("Mail", mail.number))) == [
        (2, [f"{mail.number} is retired. Restore it first."])
    ]


@pytest.mark.parametrize(
    "cell",
    ["a" + " " * 99_990 + "b", "q," * 49_000],
)
def test_an_endless_cell_is_named_and_not_read(page, mail, cell):
    told = faults(brought(page, f'System;Activity;A\nMail;Operate the system;"{cell}"\n'))
    assert [(line, len(wrong), "more than 2,000 characters" in wrong[0]) for line, wrong in told] == [(2, 1, True)]


def test_blanks_in_a_cell_are_one_blank():
    assert cells.named(f"Ines{' ' * 1_500}Falk (A)") == [("Ines Falk", "A")]


def test_a_line_tells_no_more_faults_than_anybody_reads(page, mail):
    told = faults(brought(page, 'System;Activity;A\nMail;Operate the system;"' + "q," * 400 + '"\n'))
    assert [len(wrong) for _, wrong in told] == [20]


def test_a_file_that_speaks_of_too_much_is_refused_whole(page, mail, monkeypatch):
    monkeypatch.setattr(gridfile, "MOST_LINES", 50)
    told = brought(page, "system," + ",".join(f"c{n}" for n in range(60)) + "\n" + f"x{',' * 60}\n" * 3)
    assert (told.status_code, "more than 50 activities" in told.content.decode()) == (422, True)
