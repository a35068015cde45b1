from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "curriculum_approval",
)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete these rows."""

    dependencies = [("curriculum", "0002_initial")]

    operations = [AppendOnly(*TABLES)]
