"""Addresses without a language, to be included at ``media/``."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from curriculum import pictures

urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<path>(?:original_images|images)/[\w.-]+)$", pictures.picture, name="picture")
]
