"""What a trainer uploads gets a name that says nothing: the address of a picture or recording is seen by strangers."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm


class NeutralName:
    """A form whose new file is called by twelve random letters and digits; its title stays what was typed."""

    cleaned_data: dict[str, Any]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            file.name = secrets.token_hex(6) + Path(file.name or "").suffix.lower()
        return file


class PictureForm(NeutralName, BaseImageForm):
    """A picture of a lesson."""


class RecordingForm(NeutralName, BaseDocumentForm):
    """A recording of a lesson."""
