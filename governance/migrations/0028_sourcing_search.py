from django.db import migrations

from martech import trigrams

TABLES = ("governance_sourcingoption",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0027_sourcing")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
