from django.db import migrations

from inventory.starter import CAPABILITIES


def starter(apps, editor):
    capability = apps.get_model("inventory", "Capability")
    if capability.objects.exists():
        return
    for position, (name, parts) in enumerate(CAPABILITIES.items(), start=1):
        parent = capability.objects.create(name=name, position=position * 10, origin="command", lookup=name.casefold())
        for place, part in enumerate(parts, start=1):
            capability.objects.create(
                name=part, parent=parent, position=place * 10, origin="command", lookup=part.casefold()
            )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunPython(starter, migrations.RunPython.noop)]
