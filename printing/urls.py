"""The room in which staff print. ``print`` says nothing to a stranger."""

from django.urls import path

from printing import views

urlpatterns = [
    path("print/", views.room, name="print"),
    path("print/ask/", views.ask, name="print-ask"),
    path("print/<uuid:uuid>.pdf", views.paper, name="print-paper"),
]
