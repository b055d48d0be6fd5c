from django.db import migrations

from inventory.choices import Stage
from martech import trigrams

TABLES = ("governance_businessprocess", "governance_processstep", "governance_journeystage")


def stages(apps, editor):
    stage = apps.get_model("governance", "JourneyStage")
    for code, _label in Stage.choices:
        stage.objects.get_or_create(code=code, defaults={"origin": "command", "lookup": code})


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_processes")]
    operations = [
        migrations.RunPython(stages, migrations.RunPython.noop),
        migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES)),
    ]
