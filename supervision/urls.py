from django.urls import path

from supervision import views

urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("record/<uuid:term>/", views.record, name="record"),
]
