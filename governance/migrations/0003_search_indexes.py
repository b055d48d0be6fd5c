from django.db import migrations

from martech import trigrams

TABLES = ("governance_activity", "governance_processversion", "governance_assignment")


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_starter_activities")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
