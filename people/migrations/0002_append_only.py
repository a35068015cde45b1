from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "people_consent",
    "people_accessentry",
)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete these rows."""

    dependencies = [("people", "0001_initial")]

    operations = [AppendOnly(*TABLES)]
