"""`manage.py create_person`: somebody who can sign in, above all a company's first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.http import int_to_base36

from martech.accounts.models import User, job_account
from martech.audit import context
from martech.operations import acting, record_entry
from martech.permissions.table import ROLES


class Command(BaseCommand):
    help = "Add a person and print a link, good for three days and once, by which they choose their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="what they sign in with")
        parser.add_argument("--name", required=True, help="what they are called")
        parser.add_argument("--role", action="append", default=[], metavar="ROLE", help=f"of {', '.join(ROLES)}")
        parser.add_argument("--service", action="store_true", help="a service account: acts by tokens, never signs in")

    def handle(self, *, email: str, name: str, role: list[str], service: bool, **_options: Any) -> None:
        email = email.strip().lower()
        if unknown := [word for word in role if word not in ROLES]:
            raise CommandError(f"There is no role {unknown[0]!r}; there are {', '.join(ROLES)}.")
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} is taken. New passwords: {self.address('account_reset_password')}")
        person = self.add(email, " ".join(name.split()), role, User.Kind.SERVICE if service else User.Kind.PERSON)
        roles = ", ".join(role) or "no role yet"
        if service:
            self.stderr.write(f"{person.number} {person.display_name} is a service account ({roles}).")
            self.stderr.write(f"Give it a token: manage.py create_token {email} --name 'what uses it'")
            return
        self.stderr.write(f"{person.number} {person.display_name} can sign in ({roles}). Choose the password here:")
        key = default_token_generator.make_token(person)
        self.stdout.write(self.address("account_reset_password_from_key", uidb36=int_to_base36(person.pk), key=key))

    def add(self, email: str, name: str, roles: list[str], kind: str) -> User:
        """The new person. Nobody may be there yet to act, so the company's own job account is named in the trail."""
        try:
            User(email=email, name=name).clean_fields(exclude={"password"})
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        with context.through("command", origin="create_person"), acting(by=job_account()) as act:
            person = User.objects.create_user(email, name=name, kind=kind, origin="command")
            person.groups.set(Group.objects.filter(name__in=roles))
            told = {"email": [None, email], "name": [None, name], "kind": [None, kind], "roles": [None, sorted(roles)]}
            record_entry(person, act, "add", told, "")
        return person

    def address(self, name: str, **parts: str) -> str:
        return settings.BASE_URL + reverse(name, kwargs=parts)
