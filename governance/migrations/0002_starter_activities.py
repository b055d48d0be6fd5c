from django.db import migrations

from governance.models.activity import ORDER
from governance.starter import ACTIVITIES


def starter(apps, editor):
    activity = apps.get_model("governance", "Activity")
    if activity.objects.exists():
        return
    for place, step in enumerate(ACTIVITIES, start=1):
        activity.objects.create(
            name=step.name,
            code=step.code,
            phase=step.phase,
            phase_order=ORDER[step.phase],
            position=place * 10,
            required_from=step.required_from,
            description=step.description,
            kinds=[],
            origin="command",
            lookup=f"{step.name} {step.code} {step.description}".casefold(),
        )


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]
    operations = [migrations.RunPython(starter, migrations.RunPython.noop)]
