from django.urls import path

from people import views

urlpatterns = [
    path("pause/", views.pause, name="pause"),
    path("pin/", views.check_pin, name="pin-check"),
]
