from django.db import migrations

from martech import trigrams

TABLES = ("governance_closingplan",)


class Migration(migrations.Migration):
    dependencies = [("governance", "0022_closing_plans")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
