"""Where phones sync, and the worker. The addresses are in phones' memory: they do not change."""

from __future__ import annotations

from django.urls import path

from offline import views
from offline.api import api

urlpatterns = [
    path("sync/v1/", api.urls),
    path("worker.js", views.worker, name="worker"),
]
