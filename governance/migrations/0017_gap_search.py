from django.db import migrations

from martech import trigrams

TABLES = ("governance_gap",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0016_gaps")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
