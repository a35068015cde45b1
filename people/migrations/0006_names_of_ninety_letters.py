from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_signing_pin")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="display_name",
            field=models.CharField(max_length=90, verbose_name="chosen name"),
        ),
    ]
