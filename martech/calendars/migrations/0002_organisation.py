from django.conf import settings
from django.db import migrations


def organisation(apps, editor):
    calendar = apps.get_model("calendars", "Calendar")
    if not calendar.objects.filter(is_default=True).exists():
        calendar.objects.create(
            name="Organisation", time_zone=settings.TIME_ZONE, is_default=True, origin="command", lookup="organisation"
        )


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunPython(organisation, migrations.RunPython.noop)]
