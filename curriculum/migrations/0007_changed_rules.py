import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from append_only import AppendOnly

approvals = AppendOnly("curriculum_approval")


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("curriculum", "0006_reflections"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite makes a table anew to add a column, and would lose the refusal on the way.
        migrations.RunPython(approvals.reverse_code, approvals.code),
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-changed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FactPrint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("module", "module"),
                            ("lesson", "lesson"),
                            ("checklist", "practice checklist"),
                            ("quiz", "title of a quiz"),
                            ("question", "question"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=255)),
                ("quiz", models.UUIDField(null=True)),
                ("object_id", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["module__code", "place", "title", "language"],
            },
        ),
        migrations.CreateModel(
            name="FactUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("choices", models.JSONField()),
                ("drafted_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-drafted_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FactUpdateText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12)),
                ("title", models.CharField(blank=True, default="", max_length=120, verbose_name="what it is about")),
                ("was", models.TextField(blank=True, default="", verbose_name="what was")),
                ("now", models.TextField(blank=True, default="", verbose_name="what is now")),
                ("means", models.TextField(blank=True, default="", verbose_name="what it means for her")),
                ("question", models.TextField(blank=True, default="", verbose_name="safety question")),
                ("options", models.JSONField(default=dict)),
                ("content_hash", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="OldText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Reopened",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("module", "module"),
                            ("lesson", "lesson"),
                            ("checklist", "practice checklist"),
                            ("quiz", "title of a quiz"),
                            ("question", "question"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=255)),
                ("quiz", models.UUIDField(null=True)),
                ("object_id", models.CharField(max_length=40)),
                ("country", models.CharField(max_length=2)),
                ("round", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "verbose_name": "text to read again",
                "ordering": ["module__code", "place", "title", "language"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="approval",
            name="one_approval_per_revision_and_country",
        ),
        migrations.AddField(
            model_name="approval",
            name="round",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="fact",
            name="kind",
            field=models.CharField(
                choices=[("text", "words"), ("number", "a number with its unit"), ("times", "a list of times")],
                default="text",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="mark",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sourced", "read in its source"),
                    ("recalled", "recalled, to be checked"),
                    ("unsure", "not confirmed"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="names",
            field=models.JSONField(blank=True, default=dict, verbose_name="what it is about, per language"),
        ),
        migrations.AddField(
            model_name="fact",
            name="register",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="fact",
            name="source",
            field=models.CharField(blank=True, default="", max_length=240),
        ),
        migrations.AddField(
            model_name="factvalue",
            name="review_due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="factvalue",
            name="reviewed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="factvalue",
            name="reviewer",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="who confirmed it"),
        ),
        migrations.AddField(
            model_name="factvalue",
            name="value",
            field=models.JSONField(blank=True, null=True, verbose_name="the typed value"),
        ),
        migrations.AddField(
            model_name="factvalue",
            name="version",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="edition of the source"),
        ),
        migrations.AlterField(
            model_name="fact",
            name="statement",
            field=models.CharField(max_length=400),
        ),
        migrations.AlterField(
            model_name="factvalue",
            name="texts",
            field=models.JSONField(blank=True, default=dict, verbose_name="the value in words, per language"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("revision", "country", "round"), name="one_approval_per_round"),
        ),
        migrations.AddField(
            model_name="factchange",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="factchange",
            name="country",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fact_changes", to="curriculum.country"
            ),
        ),
        migrations.AddField(
            model_name="factchange",
            name="fact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="curriculum.fact"
            ),
        ),
        migrations.AddField(
            model_name="factchange",
            name="new_value",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="came_by", to="curriculum.factvalue"
            ),
        ),
        migrations.AddField(
            model_name="factchange",
            name="old_value",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="curriculum.factvalue",
            ),
        ),
        migrations.AddField(
            model_name="factprint",
            name="content_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
            ),
        ),
        migrations.AddField(
            model_name="factprint",
            name="fact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="prints", to="curriculum.fact"
            ),
        ),
        migrations.AddField(
            model_name="factprint",
            name="lesson",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.lesson"
            ),
        ),
        migrations.AddField(
            model_name="factprint",
            name="module",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.module"
            ),
        ),
        migrations.AddField(
            model_name="factupdate",
            name="change",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="update", to="curriculum.factchange"
            ),
        ),
        migrations.AddField(
            model_name="factupdate",
            name="published_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="factupdatetext",
            name="update",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="curriculum.factupdate"
            ),
        ),
        migrations.AddField(
            model_name="oldtext",
            name="change",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="old_texts", to="curriculum.factchange"
            ),
        ),
        migrations.AddField(
            model_name="reopened",
            name="change",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reopened", to="curriculum.factchange"
            ),
        ),
        migrations.AddField(
            model_name="reopened",
            name="content_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
            ),
        ),
        migrations.AddField(
            model_name="reopened",
            name="lesson",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.lesson"
            ),
        ),
        migrations.AddField(
            model_name="reopened",
            name="module",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.module"
            ),
        ),
        migrations.AddField(
            model_name="reopened",
            name="revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reopened",
                to="wagtailcore.revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="factprint",
            constraint=models.UniqueConstraint(
                fields=("fact", "place", "content_type", "object_id", "quiz"), name="one_print_per_text_and_quiz"
            ),
        ),
        migrations.AddConstraint(
            model_name="factprint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("quiz__isnull", True)),
                fields=("fact", "place", "content_type", "object_id"),
                name="one_print_per_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="factupdatetext",
            constraint=models.UniqueConstraint(fields=("update", "language"), name="one_update_text_per_language"),
        ),
        migrations.AddConstraint(
            model_name="oldtext",
            constraint=models.UniqueConstraint(fields=("change", "content_hash"), name="one_old_text_per_hash"),
        ),
        approvals,
        AppendOnly("curriculum_factchange", "curriculum_oldtext"),
    ]
