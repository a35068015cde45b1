"""Her certificates, and the pages on which staff sign off and issue: for one woman, or for many in one go."""

from django.urls import path

from certificates import batch_views, own_views, views

urlpatterns = [
    path("certificates/", own_views.my_certificates, name="my-certificates"),
    path("certificates/<slug:serial>.pdf", own_views.certificate_pdf, name="certificate-pdf"),
    path("certificates/<slug:serial>/<slug:copy>.pdf", own_views.certificate_copy, name="certificate-copy"),
    path("certificates/<slug:serial>/name/", own_views.take_name_off, name="certificate-name"),
    path("record/<uuid:term>/award/<slug:award>/", views.award, name="award"),
    path("record/<uuid:term>/award/<slug:award>/name/", own_views.take_her_name_off, name="award-name"),
    path("awards/", batch_views.awards, name="awards"),
    path("awards/<int:award>/", batch_views.eligible, name="eligible"),
    path("awards/made/<int:batch>/", batch_views.batch, name="award-batch"),
    path("awards/made/<int:batch>/go-on/", batch_views.batch_go_on, name="award-batch-go-on"),
    path("awards/made/<int:batch>/cards.pdf", batch_views.batch_cards, name="award-batch-cards"),
]
