"""`manage.py import_systems FILE`: systems from a CSV or XLSX file, as on the import page."""

from martech.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import systems from a CSV or XLSX file: says what it would do, does it, and explains the counts."
    kind = "inventory.system"
