from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import migrations

from martech.permissions.table import ROLES


def roles(apps, editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)
    apps.get_model("accounts", "User").objects.get_or_create(
        email=settings.JOB_ACCOUNT,
        defaults={
            "name": "Interlock scheduler",
            "kind": "service",
            "password": make_password(None),
            "origin": "command",
            "lookup": "interlock scheduler",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(roles, migrations.RunPython.noop)]
