from django.db import migrations

from martech import trigrams

TABLES = ("governance_resourceassessment",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0018_assessments")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
