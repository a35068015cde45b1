from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "progress_lessonstudy",
)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete these rows."""

    dependencies = [("progress", "0001_initial")]

    operations = [AppendOnly(*TABLES)]
