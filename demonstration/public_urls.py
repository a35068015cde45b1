from django.urls import path

from demonstration import views

urlpatterns = [path("", views.root, name="root")]
