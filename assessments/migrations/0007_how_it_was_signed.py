from django.db import migrations, models

from append_only import AppendOnly

append_only = AppendOnly("assessments_observation")


class Migration(migrations.Migration):
    """How we know who watched. What is there was all signed in here.

    SQLite makes the table anew to add a column, and would lose the refusal on the way.
    """

    dependencies = [("assessments", "0006_acts_whose_count_contradicts_the_clock")]

    operations = [
        migrations.RunPython(append_only.reverse_code, append_only.code),
        migrations.AddField(
            model_name="observation",
            name="signed_with",
            field=models.CharField(
                choices=[
                    ("session", "signed in here"),
                    ("own_phone", "signed on her own phone"),
                    ("pin", "signed with a signing PIN on the learner’s phone"),
                ],
                default="session",
                max_length=10,
            ),
        ),
        append_only,
    ]
