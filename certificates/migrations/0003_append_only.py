from django.db import migrations

from append_only import AppendOnly

TABLES = (
    "certificates_certificateevent",
    "certificates_awardsignoff",
)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete these rows."""

    dependencies = [("certificates", "0002_initial")]

    operations = [AppendOnly(*TABLES)]
