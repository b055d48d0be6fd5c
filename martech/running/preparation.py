"""What has to be true of a data folder before the first request: tables, static files, the demo company."""

import hashlib
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DatabaseError

from martech import demo

STAMP = "static.stamp"


def prepare(*, with_demo: bool) -> None:
    """Check the settings, bring the database up to date, collect static files where they changed, load the demo."""
    call_command("check", stdout=StringIO())
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    if with_demo and "seed" in get_commands():
        call_command("seed", "--if-empty")


def collect_static() -> None:
    """Gather the static files under hashed names, unless neither they nor the packages changed."""
    stamp = settings.DATA_DIR / STAMP
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now and Path(settings.STATIC_ROOT).is_dir():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def fingerprint() -> str:
    """One word that changes with any static file of ours, the packages, or the place they are collected in."""
    files = [file for folder in settings.STATICFILES_DIRS for file in sorted(Path(folder).rglob("*")) if file.is_file()]
    files += sorted((settings.BASE_DIR / "requirements").glob("*.txt"))
    seen = hashlib.sha256(f"{settings.STATIC_ROOT} {settings.STORAGES['staticfiles']['BACKEND']}".encode())
    for file in files:
        seen.update(str(file).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return seen.hexdigest()


def demo_sign_ins() -> list[str]:
    """The roles whose demo person can sign in here with the demo password."""
    users = apps.get_model(settings.AUTH_USER_MODEL).objects
    try:
        people = {user.email: user for user in users.filter(email__in=[demo.email(role) for role in demo.ROLES])}
    except DatabaseError:
        return []
    return [role for role in demo.ROLES if (person := people.get(demo.email(role))) and person.is_active]
