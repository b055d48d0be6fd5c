"""The pages of docs/reference, written from the code: tables, signatures, fields and the OpenAPI document."""

from pathlib import Path

from django.conf import settings

from martech.reference import api, people, records, running

FOLDER: Path = settings.BASE_DIR / "docs" / "reference"


def pages() -> dict[str, str]:
    """Every page as it should stand: its path under docs/reference and its text."""
    made = {**people.pages(), **records.pages(), **running.pages(), **api.pages()}
    return {"README.md": running.contents(made), **made}


def stale(chosen: dict[str, str], *, whole: bool) -> list[str]:
    """Paths under docs/reference that are not what `chosen` says; where it is the `whole`, pages too many as well."""
    found = [name for name, text in chosen.items() if standing(name) != text]
    return found + (left_over(chosen) if whole else [])


def left_over(made: dict[str, str]) -> list[str]:
    """Files under docs/reference that nothing writes any longer."""
    here = (path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.rglob("*")) if path.is_file())
    return [name for name in here if name not in made]


def standing(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else None
