"""The documents tell the truth: links lead somewhere, generated pages are current, settings and commands are told."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats

from martech import checks, reference
from martech.permissions import engine
from martech.permissions.table import PERMISSIONS, ROLES
from martech.reference import people, running
from martech.reference.environment import PRODUCT, TESTS
from martech.reference.markdown import cell, page, section, table
from martech.rest import document as openapi
from martech.verbs import VERBS

ROOT: Path = settings.BASE_DIR
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.once


def written():
    """Every document a person reads."""
    doorplates = [ROOT / room / "README.md" for room in ("inventory", "sla", "governance")]
    return [*sorted(ROOT.glob("*.md")), *doorplates, *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(text):
    """The fragments that headings of a page make."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_leads_to_a_file_and_heading_that_are_there():
    broken = []
    for document in written():
        for target in LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8"))):
            if re.match(r"https?:|mailto:", target):
                continue
            name, _, fragment = target.partition("#")
            file = (document.parent / name).resolve() if name else document
            if not file.exists() or (fragment and fragment not in anchors(file.read_text(encoding="utf-8"))):
                broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == []


def test_the_code_names_only_documents_that_are_there():
    missing = []
    for room in ("martech", "inventory", "sla", "governance", "tests"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for name in re.findall(r"\bdocs/[\w/-]+\.(?:md|json)", file.read_text(encoding="utf-8")):
                if not (ROOT / name).is_file():
                    missing.append(f"{file.relative_to(ROOT)}: {name}")
    assert missing == []


def test_decisions_are_numbered_without_a_gap_and_listed():
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name[:5] for name in records] == [f"{place:04}-" for place in range(1, len(records) + 1)]
    listed = LINK.findall((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    assert [name for name in records if f"decisions/{name}" not in listed] == []
    for name in records:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {int(name[:4])}. "), name
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Why", "Decision", "What follows"], name


def test_the_reference_pages_are_current():
    call_command("tables", "--check")


def test_the_openapi_document_is_made_without_a_warning():
    reset_generator_stats()
    made = openapi.document.__wrapped__()
    assert not GENERATOR_STATS
    named = [operation["operationId"] for methods in made["paths"].values() for operation in methods.values()]
    assert len(named) == len(set(named))


def test_a_stale_page_is_named_and_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    (tmp_path / "schedule.md").write_text("old")
    (tmp_path / "gone.md").write_text("nothing writes this")
    with pytest.raises(CommandError, match=r"schedule\.md.*gone\.md"):
        call_command("tables", "--check")
    call_command("tables", verbosity=0)
    call_command("tables", "--check")
    assert not (tmp_path / "gone.md").exists()
    with pytest.raises(CommandError, match="There is no page 'weather'"):
        call_command("tables", "weather")


def test_every_setting_is_told():
    read = set()
    for node in ast.walk(ast.parse((ROOT / "martech" / "settings.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, first = node.func.value, node.args[0] if node.args else None
            if isinstance(owner, ast.Name) and owner.id == "environment" and isinstance(first, ast.Constant):
                read.add(first.value)
    assert {row.name for row in PRODUCT} == read


def test_every_variable_that_is_read_elsewhere_is_told():
    asked = re.compile(r"environ(?:\.get\(|\.pop\(|\[)\s*[\"']([A-Z_]+)[\"']")
    ours = {
        name for file in (ROOT / "martech").rglob("*.py") for name in asked.findall(file.read_text(encoding="utf-8"))
    }
    known = {row.name for row in (*PRODUCT, *TESTS)}
    assert {name for name in ours if not name.startswith(("DJANGO_", "__"))} - known == set()


def test_the_example_environment_names_only_settings():
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(names) - {row.name for row in PRODUCT} == {"POSTGRES_PASSWORD"}


def test_every_command_is_told_with_its_options():
    told = running.commands()
    files = (ROOT / "martech" / "management" / "commands").glob("*.py")
    names = sorted(file.stem for file in files if file.stem != "__init__")
    assert re.findall(r"^## `(\w+)`$", told, re.MULTILINE) == names
    assert [name for name, made in running.ours().items() if not made.help] == []
    assert "`--on sqlite\\|postgres\\|browser`" in told


@pytest.mark.django_db
def test_the_grid_of_rights_says_what_the_engine_says(cast):
    """● where the role alone is enough for every record, nothing where it never is."""
    for permission in PERMISSIONS:
        row = engine.grant(permission)
        for role in ROLES:
            verdict = engine.condition(cast[role], permission)
            mark = people.mark(row, role)
            assert (mark == "●") == (verdict is True), (permission, role)
            assert (mark == "") == (verdict is False), (permission, role)


def test_every_verb_has_its_words_and_every_word_a_verb():
    known = {verb for model in checks.records() for verb in model.OPERATIONS}
    assert known - VERBS.keys() == set()
    assert VERBS.keys() - known == set()


def test_tables_keep_what_would_break_a_cell():
    assert cell("one | two\nthree") == "one \\| two three"
    assert table(("A",), []) == ""
    assert section("Nothing", "") == ""
    assert page("Title", "Lead.", "", "Part").endswith("# Title\n\nLead.\n\nPart\n")
