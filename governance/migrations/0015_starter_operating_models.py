from django.db import migrations

from governance.starter import OPERATING_MODELS
from martech import trigrams

TABLES = ("governance_operatingmodel",)


def starter(apps, editor):
    model = apps.get_model("governance", "OperatingModel")
    for way in OPERATING_MODELS:
        model.objects.create(
            name=way.name,
            code=way.code,
            description=way.description,
            lines=list(way.lines),
            origin="command",
            lookup=f"{way.name} {way.code} {way.description}".casefold(),
        )


class Migration(migrations.Migration):
    dependencies = [("governance", "0014_operating_models")]
    operations = [
        migrations.RunPython(starter, migrations.RunPython.noop),
        migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES)),
    ]
