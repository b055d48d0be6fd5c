from django.db import migrations

from martech import trigrams

TABLES = tuple(
    f"inventory_{name}"
    for name in ("vendor", "capability", "system", "integration", "dataobject", "datasource", "assurance")
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_starter_capabilities")]
    operations = [migrations.RunPython(trigrams.index(*TABLES), trigrams.drop(*TABLES))]
