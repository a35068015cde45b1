"""Her certificates, and the page on which staff sign off and issue."""

from django.urls import path

from certificates import views

urlpatterns = [
    path("certificates/", views.my_certificates, name="my-certificates"),
    path("certificates/<slug:serial>.pdf", views.certificate_pdf, name="certificate-pdf"),
    path("record/<uuid:term>/award/<slug:award>/", views.award, name="award"),
]
