from importlib import import_module

from django.db import migrations, models

_frozen = import_module("certificates.migrations.0004_certificate_is_frozen")
_replaced = import_module("certificates.migrations.0005_paper_append_only")


class Migration(migrations.Migration):
    """A programme's letterhead, frozen with everything else that was printed; and the day before which none is given.

    SQLite makes the table anew to add a column, and would lose both refusals on the way.
    """

    dependencies = [("certificates", "0005_paper_append_only")]

    operations = [
        migrations.AddField(
            model_name="award",
            name="not_before_day",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(_replaced.allow_replacing, _replaced.refuse_replacing),
        migrations.RunPython(_frozen.thaw, _frozen.freeze),
        migrations.AddField(
            model_name="certificate",
            name="letterhead",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(_frozen.freeze, _frozen.thaw),
        migrations.RunPython(_replaced.refuse_replacing, _replaced.allow_replacing),
    ]
