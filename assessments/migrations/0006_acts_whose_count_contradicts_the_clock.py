from django.db import migrations, models

from append_only import AppendOnly

append_only = AppendOnly("assessments_attempt", "assessments_observation")


class Migration(migrations.Migration):
    """SQLite makes the tables anew to add a column, and would lose the refusal on the way."""

    dependencies = [("assessments", "0005_answers_append_only")]

    operations = [
        migrations.RunPython(append_only.reverse_code, append_only.code),
        migrations.AddField(
            model_name="attempt",
            name="contradicts_counter",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="observation",
            name="contradicts_counter",
            field=models.BooleanField(default=False),
        ),
        append_only,
    ]
