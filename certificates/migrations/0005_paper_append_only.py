from django.db import migrations

from append_only import AppendOnly

TABLE = "certificates_certificate"


def refuse_replacing(apps, editor):
    """SQLite's REPLACE takes a row away and writes another one, past a refusal to update it."""
    if editor.connection.vendor == "sqlite":
        editor.execute(
            f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "
            f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR serial = NEW.serial) "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is frozen'); END"
        )


def allow_replacing(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_replace")


class Migration(migrations.Migration):
    """The paper is kept as it was made: another PDF in its place would be another promise."""

    dependencies = [("certificates", "0004_certificate_is_frozen")]

    operations = [
        AppendOnly("certificates_certificatefile"),
        migrations.RunPython(refuse_replacing, allow_replacing),
    ]
