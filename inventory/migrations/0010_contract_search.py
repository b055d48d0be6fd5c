from django.db import migrations

from martech import trigrams

TABLES = ("inventory_contract",)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0009_contracts")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
