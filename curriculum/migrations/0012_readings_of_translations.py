"""Who has read a translation; and a place in the ledger for the meanings of words that are there already."""

import hashlib
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone
from wagtail_localize.strings import StringValue

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:words")
MODEL = "curriculum.GlossaryMeaning"


def note_words(apps, schema_editor):
    """What was said until now stands for the English as it is now: nobody has noted anything else."""
    Meaning = apps.get_model("curriculum", "GlossaryMeaning")
    Segment = apps.get_model("curriculum", "TranslatedSegment")
    sources = {row.entry_id: row for row in Meaning.objects.filter(language=settings.LANGUAGE_CODE)}
    rows = []
    for meaning in Meaning.objects.exclude(language=settings.LANGUAGE_CODE).select_related("entry"):
        source = sources.get(meaning.entry_id)
        for path in ("word", "meaning") if source else ():
            made_from = StringValue.from_plaintext(getattr(source, path)).data
            rows.append(
                Segment(
                    model=MODEL,
                    translation_key=uuid.uuid5(NAMESPACE, meaning.entry.key),
                    language=meaning.language,
                    path=path,
                    order=0,
                    source=made_from,
                    source_hash=hashlib.sha256(made_from.encode()).hexdigest(),
                    text=StringValue.from_plaintext(getattr(meaning, path)).data,
                    published_at=timezone.now(),
                )
            )
    Segment.objects.bulk_create(rows)


def forget_words(apps, schema_editor):
    apps.get_model("curriculum", "TranslatedSegment").objects.filter(model=MODEL).delete()


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("curriculum", "0011_curricula_of_their_own"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField()),
                ("language", models.CharField(max_length=12)),
                ("path", models.CharField(max_length=240)),
                ("source_hash", models.CharField(max_length=64)),
                ("text_hash", models.CharField(max_length=64)),
                ("read_by", models.CharField(max_length=120)),
                ("read_on", models.DateField()),
                (
                    "reader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("translation_key", "language", "path", "source_hash", "text_hash"),
                        name="one_reading_of_the_same_words",
                    )
                ],
            },
        ),
        migrations.RunPython(note_words, forget_words),
    ]
