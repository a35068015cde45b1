"""Addresses without a language, to be included at ``media/``."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from curriculum import pictures
from curriculum.listening import serving

urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<path>(?:original_images|images)/[\w.-]+)$", pictures.picture, name="picture"),
    re_path(r"^sound/(?P<name>[0-9a-f]{32})\.opus$", serving.recording, name="recording"),
]
