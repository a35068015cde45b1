import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0007_for_papers"),
        ("progress", "0004_update_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendance",
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
                ("held_on", models.DateField()),
                ("half", models.CharField(choices=[("am", "morning"), ("pm", "afternoon")], max_length=2)),
                ("hours", models.DecimalField(decimal_places=1, max_digits=3)),
                ("was_there", models.BooleanField()),
                (
                    "taken_as",
                    models.CharField(
                        choices=[
                            ("learner", "learner"),
                            ("trainer", "trainer"),
                            ("translator", "translator"),
                            ("reviewer", "clinical reviewer"),
                            ("supervisor", "supervisor"),
                            ("coordinator", "coordinator"),
                            ("nurse", "facility nurse"),
                            ("district_manager", "district manager"),
                            ("programme_manager", "programme manager"),
                            ("monitoring", "monitoring"),
                            ("privacy_officer", "privacy officer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="programme.cohort"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="programme.term"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["term", "held_on", "half"], name="attendance_of_a_half_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "client_uuid"), name="attendance_once_per_client_uuid"),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", 0), ("hours__lte", 8)), name="half_day_has_a_few_hours"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogbookEntry",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("watched", "Watched a session"), ("led", "Led a session, and somebody watched")], max_length=10
                    ),
                ),
                ("held_on", models.DateField()),
                ("takes_back", models.UUIDField(blank=True, null=True)),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="programme.term"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("term", "client_uuid"), name="logbookentry_once_per_client_uuid"),
                    models.UniqueConstraint(
                        condition=models.Q(("takes_back__isnull", False)),
                        fields=("term", "takes_back"),
                        name="entry_taken_back_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogbookSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.UUIDField()),
                (
                    "signed_as",
                    models.CharField(
                        choices=[
                            ("learner", "learner"),
                            ("trainer", "trainer"),
                            ("translator", "translator"),
                            ("reviewer", "clinical reviewer"),
                            ("supervisor", "supervisor"),
                            ("coordinator", "coordinator"),
                            ("nurse", "facility nurse"),
                            ("district_manager", "district manager"),
                            ("programme_manager", "programme manager"),
                            ("monitoring", "monitoring"),
                            ("privacy_officer", "privacy officer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="logbook_signatures",
                        to="programme.term",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.organisationunit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("term", "entry"), name="entry_signed_once")],
            },
        ),
        AppendOnly("progress_attendance", "progress_logbookentry", "progress_logbooksignature"),
    ]
