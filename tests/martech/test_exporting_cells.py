"""Each cell of an export is what the record's own attributes say, over rows that nobody would keep on purpose."""

import csv
import io
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import models
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Capability, DataObject, Integration, System, Vendor
from martech import export
from martech.accounts.models import Function, User
from martech.columns import columns
from martech.distinct import once
from martech.fields import Codes, Lines
from martech.inert import guard, joined
from martech.linked import label_path
from martech.records.models import ExternalRef

TEXTS = (
    "", "plain", "Größe", "日本語", "🚀 up", '"', 'a "b" c', ",", "a,b", "a;b", "back\\slash", "line\nline", "a\r\nb",
    "\r", "\ttab", " ", "  blanks  ", "=1+1", "+49 30", "-", "-x", "@cmd", "'", "'=x", "''", "＝x", "\u200b=x", "\x1f",
    "007", "None", "null", "{}", "yes", "1", "1.50", "2024-01-01", "\\N", "\ufeff=x",
)  # fmt: skip
DAYS = (None, date(1, 1, 1), date(999, 12, 31), date(2024, 2, 29), date.max)
INSTANTS = (
    None,
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 3, 31, 0, 59, 59, 1, tzinfo=UTC),
    datetime(2024, 3, 31, 1, tzinfo=UTC),
    datetime(2024, 10, 27, 0, 30, 0, 500000, tzinfo=UTC),
    datetime(2024, 10, 27, 1, 30, tzinfo=UTC),
    datetime(9999, 12, 30, 12, tzinfo=UTC),
)
JSON = (
    {}, [], None, {"a": 1}, {"a": True}, {"a": 1.0}, {"a": "1"}, {"a": None}, {"a": [1, True, "é"]}, {"=a": "b;c"},
    {"": ""}, ["=x", "a;b"], [True, 1], True, 1, 0, False, -1, "=x", "", 10**20, 1.5,
)  # fmt: skip


def nasty(item, chance, number):
    """A value that the column of a field takes, likely or not."""
    if item.related_model:
        known = list(item.related_model._base_manager.order_by("pk"))
        return chance.choice(known if not item.null else [None, *known])
    if item.name == "name_key":
        return f"key {number}"
    if isinstance(item, Codes):
        return chance.sample([code for code, _ in item.codes], chance.randint(0, len(item.codes)))
    if isinstance(item, Lines):
        return chance.sample(TEXTS, chance.randint(0, 3))
    if isinstance(item, models.JSONField):
        return chance.choice([one for one in JSON if one is not None])
    if isinstance(item, models.DateTimeField):
        return chance.choice(INSTANTS if item.null else INSTANTS[1:])
    if isinstance(item, models.DateField):
        return chance.choice(DAYS if item.null else DAYS[1:])
    if isinstance(item, models.BooleanField):
        return chance.choice([True, False])
    if isinstance(item, models.IntegerField):
        return chance.choice([*([None] if item.null else []), 0, 1, 2, 32767])
    return chance.choice([*(code for code, _ in item.flatchoices), *TEXTS])[: item.max_length]


def made(model, chance, most, **given):
    """Rows as bulk as they come: no rule of the record has a say."""
    items = [item for item in model._meta.concrete_fields if not item.primary_key and item.name not in given]
    values = [{item.name: nasty(item, chance, number) for item in items} for number in range(most)]
    return model._base_manager.bulk_create(model(**one, **given) for one in values)


def cell(value):
    """A value as a cell, by its type alone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(microsecond=0).isoformat()
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, dict):
        return guard(joined(f"{name}: {said}" for name, said in value.items()))
    if isinstance(value, list):
        return guard(joined(str(one) for one in value))
    return guard(str(value))


def followed(record, path):
    figure = getattr(type(record), "FIGURES", {}).get(path)
    if figure is not None:
        told = type(record)._base_manager.filter(pk=record.pk).annotate(told=figure(timezone.localdate()))
        return told.values_list("told", flat=True).get()
    for part in path.split("__"):
        record = getattr(record, part) if record is not None else None
    return record


def plainly(record, column):
    """A cell as somebody would write it who has the record in the hand, and all day."""
    model, name = type(record), column.name
    if name in getattr(model, "COMPUTED", {}):
        computed = model.COMPUTED[name]
        value = computed.value(*(followed(record, path) for path in computed.paths))
        if computed.shape == "reference":
            return f"{column.related.PREFIX}-{value}" if value is not None else ""
        return ";".join(str(one) for one in value) if computed.shape == "ring" else cell(value)
    if name == "number":
        return f"{model.PREFIX}-{record.pk}"
    if name == "external_ids":
        known = ExternalRef.objects.filter(kind=model._meta.label_lower, key=record.pk).order_by("external_id")
        return guard(joined(f"{one.source}: {one.external_id}" for one in known))
    if name.endswith("_name") and name not in {item.name for item in model._meta.fields}:
        other = getattr(record, name.removesuffix("_name"))
        return "" if other is None else cell(getattr(other, label_path(type(other))))
    if column.shape == "reference":
        other = getattr(record, name)
        return "" if other is None else f"{type(other).PREFIX}-{other.pk}"
    if column.shape == "references":
        others = getattr(record, name).order_by(label_path(column.related))
        return ";".join(f"{type(other).PREFIX}-{other.pk}" for other in others)
    return cell(getattr(record, name))


def compared(model, actor):
    names = tuple(columns(model))
    told = b"".join(export.as_csv(model, model._base_manager.all(), names, actor)).decode()
    head, *rows = csv.reader(io.StringIO(told, newline=""), strict=True)
    assert head == list(names)
    records = list(model._base_manager.order_by("pk"))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        expected = {name: plainly(record, column) for name, column in columns(model).items()}
        assert dict(zip(head, row, strict=True)) == expected
    again = io.StringIO(newline="")
    csv.writer(again).writerows([head, *rows])
    assert told == again.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", [7, 4000])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_every_cell_is_what_the_record_says(cast, monkeypatch, zone, chunk):
    monkeypatch.setattr(export, "CHUNK", chunk)
    chance = random.Random(f"{zone} {chunk}")
    for number, text in enumerate(TEXTS[7:18]):
        User.objects.filter(pk=User.objects.create_user(f"p{number}@cast.example", name="P").pk).update(name=text)
    made(Function, chance, 4)
    for text in TEXTS[17:22]:
        made(Capability, chance, 1, name=text)
    made(DataObject, chance, 4)
    made(Vendor, chance, 40)
    systems = made(System, chance, 60, confidential=False)
    for system in systems[::3]:
        system.capabilities.set(chance.sample(list(Capability.objects.order_by("pk")), 2))
        ExternalRef.objects.create(
            kind="inventory.system", key=system.pk, source="=erp; a", external_id=f"=\\{system.pk}"
        )
    source, *others = systems
    for target in others[:20]:
        made(Integration, chance, 1, source=source, target=target)
    with timezone.override(zone):
        for model in (Vendor, System, Integration, Function, Capability, DataObject):
            compared(model, cast.auditor)


EQUAL = (
    [1, True, None],
    [0, False, 0.0, -0.0],
    [Decimal("1.5"), Decimal("1.50")],
    [(1,), (True,)],
    [[1], {}],
    TEXTS[:3],
)
"""Each equal among themselves, or nearly, and not to be taken for each other."""


@pytest.mark.parametrize("equal", EQUAL)
@given(st.data())
def test_what_is_done_once_for_equal_values_is_what_each_would_get(equal, data):
    some = data.draw(st.lists(st.sampled_from(equal), max_size=12))
    assert once(some, lambda known: list(map(repr, known))) == list(map(repr, some))


@given(st.lists(st.sampled_from(JSON), max_size=12))
def test_a_cell_of_json_is_the_same_whatever_is_around_it(some):
    column = columns(System)["field_sources"]
    assert list(map(str, once(some, lambda known: export.quoted(export.texts(column, known))))) == [
        export.quoted(export.texts(column, [one]))[0] for one in some
    ]


def test_an_instant_is_read_as_either_database_writes_it():
    whole = datetime(2024, 7, 1, 22, 15, 3, tzinfo=UTC)
    for zone, told in (("UTC", "2024-07-01T22:15:03+00:00"), ("Asia/Kathmandu", "2024-07-02T04:00:03+05:45")):
        with timezone.override(zone):
            written = ["2024-07-01 22:15:03+00", "2024-07-01 22:15:03.000120+00", "2024-07-01 22:15:03", None]
            assert export.written_instants(written) == [told, told, told, ""]
            assert export.instants([whole, whole + timedelta(microseconds=120), None]) == [told, told, ""]
