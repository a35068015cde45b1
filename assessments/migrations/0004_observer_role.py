from django.db import migrations, models

from append_only import AppendOnly

TABLE = "assessments_observation"
append_only = AppendOnly(TABLE)


class Migration(migrations.Migration):
    """The role in which an observer signed stands on the observation itself.

    SQLite makes the table anew to add a column, and would lose the refusal on the way.
    """

    dependencies = [("assessments", "0003_append_only")]

    operations = [
        migrations.RunPython(append_only.reverse_code, append_only.code),
        migrations.AddField(
            model_name="observation",
            name="observer_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("learner", "learner"),
                    ("trainer", "trainer"),
                    ("translator", "translator"),
                    ("reviewer", "clinical reviewer"),
                    ("supervisor", "supervisor"),
                    ("coordinator", "coordinator"),
                    ("nurse", "facility nurse"),
                    ("district_manager", "district manager"),
                    ("programme_manager", "programme manager"),
                    ("monitoring", "monitoring"),
                    ("privacy_officer", "privacy officer"),
                ],
                default="",
                max_length=20,
            ),
        ),
        append_only,
    ]
