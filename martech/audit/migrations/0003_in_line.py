from django.db import migrations, models

from martech.audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(
            lambda apps, editor: triggers.queue(editor.connection),
            lambda apps, editor: triggers.unqueue(editor.connection),
        ),
    ]
