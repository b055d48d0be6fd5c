"""Who may do what, and who hears of what: the two tables in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

from martech.checks import records
from martech.notifications import table as heard
from martech.permissions import engine, ways
from martech.permissions.relations import RELATIONS, TODAY, USER
from martech.permissions.table import FIELD_GROUPS, PERMISSIONS, ROLES
from martech.reference.markdown import capital, code, codes, page, section, table

LEGEND = (
    "● on every record; ◐ on some: where the relations named at the end of the row hold. `subject` holds where the"
    " record that a document or an entry hangs on is one the person sees."
)


def pages() -> dict[str, str]:
    return {"permissions.md": permissions(), "notifications.md": notifications()}


def permissions() -> str:
    return page(
        "Who may do what",
        "A permission is granted by words. A word is a role, or a relation of the person to the record. `a+b` "
        "needs both, `!a` forbids and outranks every grant. Whoever has any role is a `member` too; who has none "
        "sees nothing. What a person may not see answers 404, what they see and may not do 403. An API token never "
        "may more than its owner.",
        section("Roles", table(("Role", "Comes to do"), [(code(role), does) for role, does in ROLES.items()])),
        section("By record", LEGEND, *(by_record(model) for model in models())),
        section("Fields that not everybody sees", groups()),
        section("By role", "“Where …” names the relations that must hold.", *(by_role(role) for role in ROLES)),
    )


def models() -> list[type[Model]]:
    """Every kind that a permission speaks of, in the order of the table."""
    labels = dict.fromkeys(engine.grant(permission).label for permission in PERMISSIONS)
    return [apps.get_model(label) for label in labels]


def rows_of(model: type[Model]) -> list[tuple[str, engine.Grant]]:
    """The permissions of a kind: (permission, row), field groups left out."""
    found = ((permission, engine.grant(permission)) for permission in PERMISSIONS if permission not in FIELD_GROUPS)
    return [(permission, row) for permission, row in found if row.label == model._meta.label_lower]


def by_record(model: type[Model]) -> str:
    relations = RELATIONS.get(model._meta.label_lower, {})
    head = ("Act", *(role.replace("_", " ") for role in ROLES), "Granted by")
    lines = [
        (
            code(row.verb),
            *(mark(row, role) for role in ROLES),
            code(" ".join(PERMISSIONS[permission].split())) or "nobody",
        )
        for permission, row in rows_of(model)
    ]
    words = table(
        ("Relation", "Holds where"), [(code(word), holds(model, lookups)) for word, lookups in relations.items()]
    )
    return section(capital(str(model._meta.verbose_name)), table(head, lines), words, level=3)


def mark(row: engine.Grant, role: str) -> str:
    """● everywhere, ◐ somewhere, empty nowhere by the role alone."""
    asked = needed(row, role)
    if asked is None:
        return ""
    return "◐" if asked else "●"


def needed(row: engine.Grant, role: str) -> list[tuple[str, ...]] | None:
    """What a role still needs: [] nothing, else the relations, any of which is enough; None where it never may."""
    standing = {role, "member"}
    if standing & set(row.bars):
        return None
    left = [tuple(word for word in words if word not in standing) for words in row.grants]
    left = [words for words in left if not set(words) & ROLES.keys()]
    bars = tuple(f"not {word}" for word in row.bars)
    if () in left:
        return [bars] if bars else []
    return [(*words, *bars) for words in left] or None


def by_role(role: str) -> str:
    lines = []
    for model in models():
        told: dict[tuple[tuple[str, ...], ...], list[str]] = {}
        for _, row in rows_of(model):
            asked = needed(row, role)
            if asked is not None:
                told.setdefault(tuple(asked), []).append(row.verb)
        for asked, verbs in sorted(told.items(), key=lambda item: len(item[0])):
            where = " or ".join(" and ".join(word.replace("_", " ") for word in words) for words in asked)
            lines.append(
                (capital(str(model._meta.verbose_name)), codes(verbs), f"where {where}" if where else "every one")
            )
    return section(capital(role.replace("_", " ")), table(("Record", "May", "On which"), lines), level=3)


def groups() -> str:
    return table(
        ("Permission", "Record", "Fields", "Seen by"),
        [
            (code(permission), apps.get_model(label)._meta.verbose_name, codes(fields), code(PERMISSIONS[permission]))
            for permission, kinds in FIELD_GROUPS.items()
            for label, fields in kinds.items()
        ],
    )


def holds(model: type[Model], lookups: Mapping[str, object]) -> str:
    """A relation's lookups as words: `{"business_owner": USER}` -> "business owner is the person"."""
    return " and ".join(condition(model, lookup, value) for lookup, value in lookups.items())


def condition(model: type[Model], lookup: str, value: object) -> str:
    parts = lookup.split("__")
    asks = parts.pop() if parts[-1] in ways.OWN else ""
    words, here = [], model
    for part in parts:
        if part == "pk":
            return "it is the person"
        item: Any = here._meta.get_field(part)
        words.append(str(getattr(item, "verbose_name", part)))
        here = item.related_model or here
    name = " › ".join(f"“{word}”" for word in words)
    if asks == "isnull" or value is None:
        return f"{name} is {'not empty' if value is False else 'empty'}"
    if value is TODAY:
        return f"{name} is {'not after' if asks == 'lte' else 'not before'} the day"
    if isinstance(value, bool):
        return name if value else f"not {name}"
    return f"{name} is {'the person' if value is USER else value}"


def notifications() -> str:
    return page(
        "Who hears of what",
        "An audience is words: relations to the record, roles, or `followers`. Nobody hears of what they did "
        "themselves, nor of a record they may not see. Everything goes to the inbox; each person chooses what also "
        "comes as mail.",
        section("Events", table(("Event", "Who hears", "Sentence"), events(heard.EVENTS.items()))),
        section(
            "Special sentences",
            table(
                ("When", "Sentence"),
                [
                    ("the act names somebody in a field of the record", heard.NAMED),
                    ("one act changes several records", heard.MANY),
                    ("an import changes many records one answers for", heard.IMPORTED),
                ],
            ),
        ),
        section(
            "Reminders",
            "Each step goes out once to each person, however often the job runs.",
            table(
                ("Reminder", "Record", "Deadline", "Days before", "Sentence", "Ended by"),
                [
                    (
                        code(name),
                        kind_of(row.kind),
                        code(row.field),
                        ", ".join(map(str, row.steps)),
                        row.sentence,
                        codes(row.ends.split()),
                    )
                    for name, row in heard.REMINDERS.items()
                ],
            ),
        ),
    )


def events(rows: Iterable[tuple[str, heard.Heard]]) -> list[tuple[str, str, str]]:
    known = {model._meta.label_lower: str(model._meta.verbose_name) for model in records()}
    told = []
    for event, row in rows:
        kind, _, verb = event.rpartition(".")
        told.append((f"{code(verb)} {known.get(kind, 'any record')}", codes(row.audience.split()), row.sentence))
    return told


def kind_of(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)
