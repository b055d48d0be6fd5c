from django.db import migrations

from martech import trigrams

TABLES = ("governance_campaign", "governance_attestation")


class Migration(migrations.Migration):
    dependencies = [("governance", "0011_attestations")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
