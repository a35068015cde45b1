"""Where anybody checks a certificate. These addresses are on paper: they never change."""

from django.urls import path

from certificates import public_views

urlpatterns = [
    path("", public_views.verify, name="verify"),
    path("<str:serial>/", public_views.verify_serial, name="verify-serial"),
]
