from importlib import import_module

from django.db import migrations, models

_frozen = import_module("certificates.migrations.0004_certificate_is_frozen")
_replaced = import_module("certificates.migrations.0005_paper_append_only")


class Migration(migrations.Migration):
    """As long as a chosen name. The refusals of the table are lifted for it, and stand again afterwards."""

    dependencies = [
        ("certificates", "0007_for_papers"),
        ("people", "0006_names_of_ninety_letters"),
    ]

    operations = [
        migrations.RunPython(_replaced.allow_replacing, _replaced.refuse_replacing),
        migrations.RunPython(_frozen.thaw, _frozen.freeze),
        migrations.AlterField(
            model_name="certificate",
            name="printed_name",
            field=models.CharField(max_length=90),
        ),
        migrations.RunPython(_frozen.freeze, _frozen.thaw),
        migrations.RunPython(_replaced.refuse_replacing, _replaced.allow_replacing),
    ]
