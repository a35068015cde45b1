"""Where phones find the shell. In every language, as each draws its own words."""

from __future__ import annotations

from django.urls import path

from offline import views

urlpatterns = [
    path("keep/", views.shell, name="kept"),
    path("keep/app.json", views.manifest, name="kept-manifest"),
]
