from django.db import migrations, models

from append_only import AppendOnly

append_only = AppendOnly("progress_lessonstudy")


class Migration(migrations.Migration):
    """SQLite makes the table anew to add a column, and would lose the refusal on the way."""

    dependencies = [("progress", "0002_append_only")]

    operations = [
        migrations.RunPython(append_only.reverse_code, append_only.code),
        migrations.AddField(
            model_name="lessonstudy",
            name="contradicts_counter",
            field=models.BooleanField(default=False),
        ),
        append_only,
    ]
