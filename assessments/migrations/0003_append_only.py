from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "assessments_attempt",
    "assessments_observation",
    "assessments_ticket",
    "assessments_quizversion",
    "assessments_quiztext",
    "assessments_checklistversion",
    "assessments_checklisttext",
)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete these rows."""

    dependencies = [("assessments", "0002_initial")]

    operations = [AppendOnly(*TABLES)]
