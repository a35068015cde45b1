from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "programme_installation",
    "programme_extension",
)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete these rows."""

    dependencies = [("programme", "0001_initial")]

    operations = [AppendOnly(*TABLES)]
