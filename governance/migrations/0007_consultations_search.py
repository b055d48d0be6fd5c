from django.db import migrations

from martech import trigrams

TABLES = ("governance_consultation",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_consultations")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
