from typing import Any

from django.db import migrations


def move(apps: Any, _editor: Any) -> None:
    """Every entry that waits for a person goes along, with the instant it came."""
    old, new = apps.get_model("programme", "RefusedEntry"), apps.get_model("offline", "RefusedEntry")
    fields = ["sent_by_id", "kind", "client_uuid", "payload", "reason", "received_at", "decided_at"]
    for values in old.objects.order_by("pk").values(*fields).iterator():
        new.objects.create(**values)


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0003_programme_complaint_contact"),
        ("offline", "0001_refused_entries_and_receipts"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel("RefusedEntry"),
    ]
