"""What is uploaded says nothing by its name, and a recording is a recording."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from tests.curriculum.admin_desk import make_person

pytestmark = pytest.mark.django_db

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return SimpleUploadedFile("HIV-clinic-Amina.PNG", out.getvalue(), "image/png")


@pytest.mark.parametrize("path", ["/admin/images/add/", "/admin/images/multiple/add/"])
def test_picture_has_a_name_that_says_nothing(client, path):
    client.force_login(make_person("author"))
    form = {"title": "Amina at the clinic", "collection": Collection.get_first_root_node().pk}
    field = "files[]" if "multiple" in path else "file"

    client.post(path, form | {field: photo()})

    # Wagtail makes the names of smaller pictures out of this one.
    assert re.fullmatch(r"original_images/[0-9a-f]{12}\.png", get_image_model().objects.get().file.name)


def test_recording_has_a_name_that_says_nothing(client):
    client.force_login(make_person("author"))
    recording = SimpleUploadedFile("mama-hiv.mp3", b"ID3", "audio/mpeg")

    client.post("/admin/documents/add/", {"title": "Mama", "file": recording, "collection": 1})

    kept = get_document_model().objects.get()
    assert re.fullmatch(r"/documents/[0-9]+/[0-9a-f]{12}\.mp3", kept.url)
    assert kept.title == "Mama"


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "register.pdf", "tool.exe", "recording"])
def test_only_recordings_are_kept_beside_the_pictures(client, settings, name):
    client.force_login(make_person("author"))

    client.post("/admin/documents/add/", {"title": "x", "file": SimpleUploadedFile(name, SCRIPT), "collection": 1})

    assert not get_document_model().objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))
