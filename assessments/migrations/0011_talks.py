import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0010_steps_among_a_countrys_times"),
        ("programme", "0007_for_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TalkHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after_tries", models.PositiveSmallIntegerField()),
                ("held_on", models.DateField()),
                (
                    "recorded_as",
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
                ("recorded_at", models.DateTimeField()),
                (
                    "quiz",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="assessments.quiz"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="programme.term"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("term", "quiz", "after_tries"), name="one_talk_after_so_many_tries")
                ],
            },
        ),
        AppendOnly("assessments_talkheld"),
    ]
