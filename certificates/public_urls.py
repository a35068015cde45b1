"""Where anybody checks a certificate. These addresses are on paper: they never change."""

from django.urls import path

from certificates import public_views, scan_views

urlpatterns = [
    path("", public_views.verify, name="verify"),
    path("list.json", public_views.verify_list, name="verify-list"),
    path("scan/", scan_views.scan, name="verify-scan"),
    path("scan/worker.js", scan_views.scan_worker, name="verify-scan-worker"),
    path("<str:serial>/", public_views.verify_serial, name="verify-serial"),
]
