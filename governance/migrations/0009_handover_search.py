from django.db import migrations

from martech import trigrams

TABLES = ("governance_handover",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_handovers")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
