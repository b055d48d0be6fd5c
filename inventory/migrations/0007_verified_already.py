from django.db import migrations


def verified(apps, editor):
    """What was verified before there was a badge keeps its day, and the badge."""
    apps.get_model("inventory", "System").objects.exclude(last_verified_on=None).update(verification="verified")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_verification")]
    operations = [migrations.RunPython(verified, migrations.RunPython.noop)]
