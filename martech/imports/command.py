"""The import as a command: the same file, mapping, preview and confirmation as on the page, at once and in process."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from martech.accounts.models import User
from martech.audit.context import through
from martech.errors import Refused
from martech.folding import fold
from martech.imports import applying, preview, rejects, targets
from martech.imports.mapping import MONTH, Mapping, answer, questions
from martech.imports.models import ImportBatch
from martech.imports.table import MAX_BYTES, Table, Unreadable, count

IMPORTERS = ("marketing_ops", "it", "procurement")
PAUSE = 0.2  # seconds between looks at a worker
SHOWN = 10  # errors printed; all are in the file


class ImportCommand(BaseCommand):
    """One subclass per kind, in martech/management/commands."""

    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--key", choices=targets.KEYS, help="how a row finds its record (as its columns suggest)")
        parser.add_argument("--as", dest="email", default="", help="e-mail of who imports (the first who may)")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="where a column goes; COLUMN= for nowhere",
        )
        parser.add_argument(
            "--values", action="append", default=[], metavar="COLUMN:TEXT=CODE",
            help="what a text means; TEXT may be *, CODE empty for nothing or ! for an error; several with ; between",
        )  # fmt: skip
        parser.add_argument(
            "--dates", action="append", default=[], metavar="FORMAT",
            help="how doubtful dates are read, e.g. DD/MM/YY; first or last is the day a month stands for",
        )  # fmt: skip
        parser.add_argument(
            "--numbers", default="", metavar="FORMAT", help="how doubtful numbers are read, e.g. 1.234,56"
        )
        parser.add_argument("--source", default="", help="the source whose ids the file carries")
        parser.add_argument("--encoding", default="", help="where it cannot be told, e.g. windows-1252")
        parser.add_argument("--separator", default="", help="where it cannot be told: , ; | or tab")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook (the first)")
        parser.add_argument("--clear", action="store_true", help="an empty cell empties the field")
        parser.add_argument(
            "--create-vendors", action="store_true", help="make vendors that are named and not here yet"
        )

    def handle(self, *, file: Path, dry_run: bool, email: str, **options: Any) -> None:
        try:
            with through("command", origin=f"import of {file.name}"):
                self._import(file, self._person(email), dry_run, options)
        except PermissionDenied:
            raise CommandError("That person may not import.") from None
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        except (Unreadable, Refused) as error:
            raise CommandError(str(error)) from None

    def _person(self, email: str) -> User:
        people = User.objects.filter(is_active=True, retired_at=None)
        if email:
            found = people.filter(email=email.strip().lower()).first()
            if found is None:
                raise CommandError(f"There is nobody with the e-mail {email}.")
            return found
        for role in IMPORTERS:
            found = people.filter(groups__name=role, kind=User.Kind.PERSON).order_by("pk").first()
            if found is not None:
                return found
        raise CommandError(
            "Nobody here may import yet: give somebody the role marketing_ops or it, or name one with --as."
        )

    def _import(self, file: Path, by: User, dry_run: bool, options: dict[str, Any]) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if file.stat().st_size > MAX_BYTES:
            raise CommandError(f"The file is larger than {MAX_BYTES >> 20} MB. Split it and import the parts.")
        batch = ImportBatch.add(by=by, kind=self.kind, file_name=file.name[:120], content=file.read_bytes())
        stated = {name: options[name] for name in ("encoding", "sheet") if options[name]}
        if options["separator"]:
            stated["separator"] = "\t" if options["separator"] == "tab" else options["separator"]
        if stated:
            batch = batch.change(by=by, reading=stated)
        table = batch.table()
        mapping = self._mapping(batch, by, table, options)
        batch = batch.change(by=by, mapping=mapping.as_json())
        self._tell_mapping(batch, by, table)
        open_points = preview.unsettled(batch, by, table)
        if open_points:
            batch.cancel(by=by)
            raise CommandError("Nothing was imported. To settle first:\n  " + "\n  ".join(open_points))
        batch = batch.preview(by=by)
        self._tell_preview(batch)
        if dry_run:
            batch.cancel(by=by)
            self.stdout.write("Dry run: nothing was written.")
        elif not batch.counts["create"] and not batch.counts["update"]:
            batch.cancel(by=by)
            self.stdout.write("Nothing to do: 0 created, 0 changed.")
        else:
            began = time.monotonic()
            batch = self._carried_out(batch.confirm(by=by))
            self._tell_result(batch, time.monotonic() - began)
        self._write_errors(batch)

    def _carried_out(self, batch: ImportBatch) -> ImportBatch:
        """Done here and now, unless a worker that is about takes it first: then waited for."""
        while batch.status in ImportBatch.WORKING:
            applying.run(batch.pk)
            batch = ImportBatch.objects.get(pk=batch.pk)
            if batch.status in ImportBatch.WORKING:
                time.sleep(PAUSE)
        return batch

    def _mapping(self, batch: ImportBatch, by: User, table: Table, options: dict[str, Any]) -> Mapping:
        mapping, places = batch.settled, targets.targets(batch.model, by)
        header = {fold(name): name for name in table.header}
        for pair in options["map"]:
            said, _, name = pair.rpartition("=")
            column = header.get(fold(said))
            if column is None:
                raise CommandError(f"--map {pair}: the file has no column “{said}”. It has: {', '.join(table.header)}.")
            if name and name not in places:
                raise CommandError(f"--map {pair}: there is no field “{name}”. There are: {', '.join(places)}.")
            mapping.columns.pop(column, None)
            if name:
                mapping.columns = {c: n for c, n in mapping.columns.items() if n != name} | {column: name}
        mapping.clear, mapping.create = options["clear"], options["create_vendors"]
        mapping.source = options["source"] or mapping.source
        mapping.key = options["key"] or targets.suggested_key(mapping.columns, batch.model)
        for pair in options["values"]:
            said, _, meanings = pair.partition(":")
            column = header.get(fold(said))
            if column is None or not meanings:
                raise CommandError(f"--values {pair}: write it as COLUMN:TEXT=CODE, with a column of the file.")
            for meaning in meanings.split(";"):
                text, _, code = meaning.rpartition("=")
                mapping.values.setdefault(column, {})[fold(text) if text.strip() != "*" else "*"] = code.strip()
        self._answer(mapping, table, places, options)
        return mapping

    def _answer(self, mapping: Mapping, table: Table, places: dict[str, Any], options: dict[str, Any]) -> None:
        """Doubtful dates and numbers as the options say."""
        words = [word.strip() for given in options["dates"] for word in given.split(",")]
        for question in questions(table, mapping, places):
            for item in question.items:
                offered = {value for value, _ in item.options}
                if question.target.shape == "date":
                    given = [word for word in words if word in offered]
                elif question.target.shape == "number":
                    given = [options["numbers"]] if options["numbers"] in offered else []
                else:
                    given = []
                    if item.chosen is not None and item.chosen not in offered:
                        told = ", ".join(value or "(empty)" for value, _ in item.options)
                        raise CommandError(f"--values {question.column}: “{item.chosen}” is none of {told}.")
                for word in given[:1]:
                    answer(mapping, question, item.code, word)
        unused = (
            set(words)
            - {"", *(word for word, _ in MONTH)}
            - {code for kept in mapping.dates.values() for code in kept["formats"]}
        )
        if unused:
            self.stderr.write(f"--dates {', '.join(sorted(unused))}: no date in the file is in doubt that way.")

    def _tell_mapping(self, batch: ImportBatch, by: User, table: Table) -> None:
        places, mapping = targets.targets(batch.model, by), batch.settled
        self.stdout.write(
            f"{batch.number}: {table.kind.upper()}, {count(len(table.rows), 'row')}, brought by {by.display_name}"
        )
        for note in table.notes:
            self.stdout.write(f"  {note}")
        for column, name in mapping.columns.items():
            self.stdout.write(f"  {column} → {places[name].label}")
        left = [column for column in table.header if column not in mapping.columns]
        if left:
            self.stdout.write(f"  Not imported: {', '.join(left)}")
        self.stdout.write(f"  Records are found by: {targets.KEYS.get(mapping.key, 'nothing yet')}")

    def _tell_preview(self, batch: ImportBatch) -> None:
        counts = batch.counts
        self.stdout.write(
            f"Preview: {counts['create']:,} new, {counts['update']:,} to change, {counts['unchanged']:,} unchanged, "
            f"{counts['skipped']:,} skipped, {count(counts['error'], 'error')}"
        )
        vendors = counts.get(f"also {preview.VENDOR}", 0)
        if vendors:
            self.stdout.write(
                f"  and {count(vendors, 'new vendor')} that {'is' if vendors == 1 else 'are'} named in it"
            )
        errors = batch.rows.filter(outcome="error").order_by("position")
        for line, reason in errors.values_list("line", "reason")[:SHOWN]:
            self.stdout.write(f"  line {line:,}: {reason}")
        if counts["error"] > SHOWN:
            self.stdout.write(f"  and {counts['error'] - SHOWN:,} more")

    def _tell_result(self, batch: ImportBatch, seconds: float) -> None:
        if batch.status != ImportBatch.Status.DONE:
            raise CommandError(batch.failure or f"{batch.number} is {batch.get_status_display().lower()}.")
        done = batch.applied
        self.stdout.write(
            f"Done in {seconds:.1f} s: {done.get('created', 0):,} created, {done.get('changed', 0):,} changed, "
            f"{count(batch.rows.filter(outcome='error').count(), 'error')}"
        )

    def _write_errors(self, batch: ImportBatch) -> None:
        if not batch.rows.filter(outcome="error").exists():
            return
        folder = Path(settings.DATA_DIR) / "imports"
        folder.mkdir(parents=True, exist_ok=True)
        stamp = timezone.localtime().strftime("%Y-%m-%d")
        target = folder / f"{batch.number}-{stamp}-{Path(rejects.file_name(batch)).stem}.csv"
        with target.open("wb") as file:
            file.writelines(rejects.as_csv(batch))
        self.stdout.write(f"The rows with errors and their reasons: {target}")
