from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "assessments_attemptanswers",
    "assessments_observationcomment",
)


class Migration(migrations.Migration):
    """Answers and lines of feedback are evidence too: only the commands that erase may take them away."""

    dependencies = [("assessments", "0004_observer_role")]

    operations = [AppendOnly(*TABLES)]
