from django.db import migrations, models

MAY_CHANGE = {"superseded_at"}


def freeze(apps, editor):
    table = "certificates_certificate"
    fields = apps.get_model("certificates", "Certificate")._meta.local_concrete_fields
    columns = ", ".join(editor.quote_name(field.column) for field in fields if field.name not in MAY_CHANGE)
    if editor.connection.vendor == "sqlite":
        editor.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {columns} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
        )
    else:
        editor.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def thaw(apps, editor):
    table = "certificates_certificate"
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen")
    else:
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}")


class Migration(migrations.Migration):
    """What was printed cannot be changed in the database; only ``superseded_at`` may.

    SQLite drops triggers when a later migration rebuilds the table: such a one must freeze it again.
    """

    dependencies = [("certificates", "0003_append_only")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="leave_days_counted",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="certificate",
            name="is_record",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(freeze, thaw),
    ]
