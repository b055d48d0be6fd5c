from django.db import migrations

from martech import trigrams

TABLES = ("governance_standin",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0020_stand_ins")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
