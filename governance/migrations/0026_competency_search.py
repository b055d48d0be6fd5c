from django.db import migrations

from martech import trigrams

TABLES = ("governance_competency", "governance_letterproposal")


class Migration(migrations.Migration):
    dependencies = [("governance", "0025_competencies")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
