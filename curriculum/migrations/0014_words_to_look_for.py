"""The words of articles, in plain letters, for whoever looks for something in her lessons."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0013_meanings_and_releases")]

    operations = [
        migrations.CreateModel(
            name="ArticleWords",
            fields=[
                ("content_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("title", models.TextField(blank=True, default="")),
                ("key_messages", models.TextField(blank=True, default="")),
                ("text", models.TextField(blank=True, default="")),
            ],
        ),
    ]
