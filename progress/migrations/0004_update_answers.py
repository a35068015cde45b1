import django.db.models.deletion
from django.db import migrations, models

from append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0007_changed_rules"),
        ("programme", "0004_refused_entries_move_to_offline"),
        ("progress", "0003_acts_whose_count_contradicts_the_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="UpdateAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_uuid", models.UUIDField(editable=False)),
                ("language", models.CharField(max_length=12)),
                ("country", models.CharField(max_length=2)),
                ("content_hash", models.CharField(max_length=64)),
                ("payload_hash", models.CharField(max_length=64)),
                ("device", models.CharField(blank=True, default="", max_length=64)),
                ("counter", models.PositiveBigIntegerField(null=True)),
                ("acted_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("happened_at", models.DateTimeField()),
                ("clock_is_doubtful", models.BooleanField(default=False)),
                ("contradicts_counter", models.BooleanField(default=False)),
                ("choice", models.UUIDField()),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="programme.term"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="curriculum.factupdate"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("term", "client_uuid"), name="updateanswer_once_per_client_uuid")
                ],
            },
        ),
        AppendOnly("progress_updateanswer"),
    ]
